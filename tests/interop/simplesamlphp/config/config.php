<?php

// The settings of one installation; what differs between runs comes from the file that the test wrote.
$facts = json_decode(file_get_contents(getenv('INTEROP_FACTS')), true, 512, JSON_THROW_ON_ERROR);
$folder = $facts['folder'];

$config = [
    'baseurlpath' => $facts['base_url'] . '/simplesaml/',
    'certdir' => "$folder/",
    'loggingdir' => "$folder/",
    'datadir' => "$folder/",
    'tempdir' => "$folder/",
    'metadatadir' => "$folder/",
    'secretsalt' => $facts['secret'],
    'auth.adminpassword' => $facts['secret'],
    'technicalcontact_email' => 'na@example.org',
    'timezone' => 'UTC',
    'debug' => ['saml' => false, 'backtraces' => true, 'validatexml' => true],
    'showerrors' => true,
    'errorreporting' => false,
    'logging.level' => 4, // notices and what is worse
    'logging.handler' => 'file',
    'logging.logfile' => 'simplesamlphp.log',
    'module.enable' => ['core' => true, 'saml' => true],
    'store.type' => 'phpsession',
    'session.phpsession.savepath' => $folder,
    'session.cookie.secure' => false, // plain HTTP on loopback
    'metadata.sources' => [['type' => 'xml', 'file' => $facts['broker_metadata']]],
];
