// Messages made with the JavaScript libraries of others, as JSON on standard output, for the tests of the inspector.

import { readFileSync } from "node:fs";
import { SAML } from "@node-saml/node-saml";
import { SignedXml } from "xml-crypto";
import xmlenc from "xml-encryption";

const { key, public: publicKey, certificate, xml, assertion, issuer } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

function signed(text, options = {}) {
  const signer = new SignedXml({ privateKey: key, publicCert: certificate });
  signer.addReference({
    xpath: "//*[local-name(.)='Response']",
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    transforms: options.transforms ?? ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXCLUSIVE],
  });
  signer.canonicalizationAlgorithm = EXCLUSIVE;
  signer.signatureAlgorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
  const location = { reference: "//*[local-name(.)='Response']/*[local-name(.)='Issuer']", action: "after" };
  signer.computeSignature(text, { location });
  return signer.getSignedXml();
}

const client = new SAML({
  issuer,
  callbackUrl: "https://idp.voorbeeld.example/acs",
  entryPoint: "https://sp.voorbeeld.example/sso",
  idpCert: certificate,
  privateKey: key,
  signatureAlgorithm: "sha256",
  digestAlgorithm: "sha256",
});

function encrypted(algorithm) {
  const options = {
    rsa_pub: publicKey,
    pem: certificate,
    encryptionAlgorithm: algorithm,
    keyEncryptionAlgorithm: "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    keyEncryptionDigest: "sha1",
    warnInsecureAlgorithm: false,
  };
  return new Promise((done, failed) =>
    xmlenc.encrypt(assertion, options, (error, text) => (error ? failed(error) : done(text))),
  );
}

const made = {
  response: signed(xml),
  exclusive_only: signed(xml, { transforms: [EXCLUSIVE, "http://www.w3.org/2000/09/xmldsig#enveloped-signature"] }),
  request: await client.getAuthorizeUrlAsync("state", undefined, {}),
  form: await client.getAuthorizeFormAsync("state"),
  cbc: await encrypted("http://www.w3.org/2001/04/xmlenc#aes256-cbc"),
  gcm: await encrypted("http://www.w3.org/2009/xmlenc11#aes256-gcm"),
};
process.stdout.write(JSON.stringify(made));
