<?php

// A source, as SimpleSAMLphp calls a service provider, for each site.
$facts = json_decode(file_get_contents(getenv('INTEROP_FACTS')), true, 512, JSON_THROW_ON_ERROR);

$config = [];
foreach ($facts['sites'] as $site => $entityId) {
    $config[$site] = [
        'saml:SP',
        'entityID' => $entityId,
        'idp' => $facts['broker'],
        'privatekey' => 'sp.key',
        'certificate' => 'sp.pem',
        'sign.authnrequest' => true,
        'WantAssertionsSigned' => true,
        'ProtocolBinding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact',
        'acs.Bindings' => ['urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact'],
        'NameIDPolicy' => false,
        'name' => ['nl' => 'Dienst'],
        'attributes' => [$facts['service']],
        'attributes.index' => 1,
        'attributes.isDefault' => true,
        'AttributeConsumingServiceIndex' => 1,
    ];
}
