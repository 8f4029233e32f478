<?php

// The page of a site, /?site=name: nobody sees it without having logged in. Encrypted identifiers come from
// SimpleSAMLphp as XML; its own library opens them.
$facts = json_decode(file_get_contents(getenv('INTEROP_FACTS')), true, 512, JSON_THROW_ON_ERROR);
require $facts['library'] . '/lib/_autoload.php';

$session = new \SimpleSAML\Auth\Simple($_GET['site']);
$session->requireAuth();
$attributes = $session->getAttributes();

$key = new \RobRichards\XMLSecLibs\XMLSecurityKey(\RobRichards\XMLSecLibs\XMLSecurityKey::RSA_1_5, ['type' => 'private']);
$key->loadKey($facts['folder'] . '/sp.key', true);

$numbers = [];
foreach ($attributes['urn:etoegang:core:LegalSubjectID'] ?? [] as $value) {
    $data = $value->item(0)->getElementsByTagNameNS('http://www.w3.org/2001/04/xmlenc#', 'EncryptedData')->item(0);
    $nameId = \SAML2\Utils::decryptElement($data, $key);
    $numbers[$nameId->getAttribute('NameQualifier')] = $nameId->textContent;
}

$first = fn (string $name): ?string => $numbers[$name] ?? $attributes[$name][0] ?? null;
header('Content-Type: application/json');
echo json_encode([
    'kvk' => $first('urn:etoegang:1.9:EntityConcernedID:KvKnr'),
    'rsin' => $first('urn:etoegang:1.9:EntityConcernedID:RSIN'),
    'intermediary_kvk' => $first('urn:etoegang:1.9:IntermediateEntityID:KvKnr'),
    'intermediary_name' => $first('urn:etoegang:1.13:attribute-intermediate:CompanyName'),
    'level' => $session->getAuthData('saml:sp:AuthnContext'),
]);
