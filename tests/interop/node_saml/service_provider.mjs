// A service provider with node-saml, which knows no artifacts: this file asks the broker for the answer, and hands
// it over to be checked. It runs with one argument, a file with facts, and serves /<site>/metadata, /<site>/page
// and /<site>/acs.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { promisify } from "node:util";

import { SAML, generateServiceProviderMetadata } from "@node-saml/node-saml";
import { DOMParser, XMLSerializer } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { decrypt } from "xml-encryption";

const BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:";
const POST = `${BINDINGS}HTTP-POST`;
const ARTIFACT = `${BINDINGS}HTTP-Artifact`;
const DS = "http://www.w3.org/2000/09/xmldsig#";
const MD = "urn:oasis:names:tc:SAML:2.0:metadata";
const SAML_NS = "urn:oasis:names:tc:SAML:2.0:assertion";
const SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol";
const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const XMLNS = "http://www.w3.org/2000/xmlns/";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

const facts = JSON.parse(readFileSync(process.argv[2], "utf8"));
const key = readFileSync(facts.key, "utf8");
const certificate = readFileSync(facts.certificate, "utf8");
const parse = (text) => new DOMParser().parseFromString(text, "text/xml");
const elements = (root, namespace, name) => Array.from(root.getElementsByTagNameNS(namespace, name));

const broker = parse(readFileSync(facts.broker_metadata, "utf8"));
const address = (service, binding) =>
  elements(broker, MD, service)
    .find((element) => element.getAttribute("Binding") === BINDINGS + binding)
    .getAttribute("Location");
const [signing] = elements(broker, MD, "KeyDescriptor");
const brokerCertificate = elements(signing, DS, "X509Certificate")[0].textContent;

// node-saml asks for an answer by HTTP-POST in every request, and has no setting for it.
class AnsweredByArtifact extends SAML {
  async generateAuthorizeRequestAsync(...given) {
    return (await super.generateAuthorizeRequestAsync(...given)).replace(POST, ARTIFACT);
  }
}

function settings(site) {
  return {
    issuer: facts.sites[site],
    audience: facts.sites[site],
    callbackUrl: `${facts.base_url}/${site}/acs`,
    entryPoint: address("SingleSignOnService", "HTTP-Redirect"),
    idpIssuer: facts.broker,
    idpCert: brokerCertificate,
    privateKey: key,
    publicCerts: certificate,
    decryptionPvk: key,
    decryptionCert: certificate,
    signatureAlgorithm: "sha256",
    digestAlgorithm: "sha256",
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    attributeConsumingServiceIndex: "1",
    validateInResponseTo: "always",
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: true,
    acceptedClockSkewMs: 1000,
  };
}

const asPublished = new Map();
const byArtifact = new Map();
for (const site of Object.keys(facts.sites)) {
  asPublished.set(site, new SAML(settings(site)));
  byArtifact.set(site, new AnsweredByArtifact(settings(site)));
}

// What node-saml writes, with HTTP-Artifact instead of HTTP-POST and with the service, for which it has no settings.
function metadata(site) {
  const service =
    '<AttributeConsumingService index="1" isDefault="true"><ServiceName xml:lang="nl">Dienst</ServiceName>' +
    `<RequestedAttribute Name="${facts.service}"/></AttributeConsumingService>`;
  return generateServiceProviderMetadata(settings(site))
    .replace(POST, ARTIFACT)
    .replace("</SPSSODescriptor>", `${service}</SPSSODescriptor>`);
}

function artifactResolve(site, artifact) {
  const signer = new SignedXml({
    privateKey: key,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signer.addReference({
    xpath: "/*",
    transforms: [`${DS}enveloped-signature`, EXCLUSIVE],
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
  });
  const message =
    `<samlp:ArtifactResolve xmlns:samlp="${SAMLP}" xmlns:saml="${SAML_NS}" ID="_${randomUUID()}" Version="2.0" ` +
    `IssueInstant="${new Date().toISOString()}"><saml:Issuer>${facts.sites[site]}</saml:Issuer>` +
    "<samlp:Artifact/></samlp:ArtifactResolve>";
  const tree = parse(message);
  elements(tree, SAMLP, "Artifact")[0].appendChild(tree.createTextNode(artifact));
  signer.computeSignature(new XMLSerializer().serializeToString(tree), {
    prefix: "ds",
    location: { reference: "/*/*[local-name()='Issuer']", action: "after" },
  });
  return `<s:Envelope xmlns:s="${SOAP}"><s:Body>${signer.getSignedXml()}</s:Body></s:Envelope>`;
}

// The Response in the answer, as a document of its own: with the namespaces that stand around it, since the signature
// depends on them.
async function resolve(site, artifact) {
  const reply = await fetch(address("ArtifactResolutionService", "SOAP"), {
    method: "POST",
    headers: { "Content-Type": "text/xml; charset=utf-8" },
    body: artifactResolve(site, artifact),
  });
  const [response] = elements(parse(await reply.text()), SAMLP, "Response");
  if (!response) {
    throw new Error(`the broker gave no Response for this artifact (status ${reply.status})`);
  }
  for (let above = response.parentNode; above.nodeType === 1; above = above.parentNode) {
    for (const { name, value } of Array.from(above.attributes)) {
      if (name.startsWith("xmlns:") && !response.hasAttribute(name)) {
        response.setAttributeNS(XMLNS, name, value);
      }
    }
  }
  return new XMLSerializer().serializeToString(response);
}

// What node-saml leaves encrypted in the assertion that it verified, opened with the library that it opens assertions
// with: identifiers by their kind, attributes by their name. What stands in Advice belongs to others.
async function opened(assertion) {
  const [statement] = own(assertion, "AttributeStatement");
  const found = {};
  for (const name of ["EncryptedID", "EncryptedAttribute"]) {
    for (const encrypted of elements(statement, SAML_NS, name)) {
      const text = new XMLSerializer().serializeToString(encrypted);
      const element = parse(await promisify(decrypt)(text, { key })).documentElement;
      found[element.getAttribute("NameQualifier") || element.getAttribute("Name")] = element.textContent;
    }
  }
  return found;
}

const own = (assertion, name) =>
  elements(assertion, SAML_NS, name).filter((element) => element.parentNode === assertion.documentElement);

async function told(profile) {
  const assertion = parse(profile.getAssertionXml());
  const secrets = await opened(assertion);
  const value = (name) => secrets[name] ?? profile.attributes[name] ?? null;
  const [statement] = own(assertion, "AuthnStatement");
  return {
    kvk: value("urn:etoegang:1.9:EntityConcernedID:KvKnr"),
    rsin: value("urn:etoegang:1.9:EntityConcernedID:RSIN"),
    intermediary_kvk: value("urn:etoegang:1.9:IntermediateEntityID:KvKnr"),
    intermediary_name: value("urn:etoegang:1.13:attribute-intermediate:CompanyName"),
    level: elements(statement, SAML_NS, "AuthnContextClassRef")[0].textContent,
  };
}

async function answer(url, reply) {
  const [, site, page] = url.pathname.split("/");
  if (page === "metadata") {
    reply.setHeader("Content-Type", "application/samlmetadata+xml").end(metadata(site));
  } else if (page === "page" || page === "as-published") {
    const saml = (page === "page" ? byArtifact : asPublished).get(site);
    reply.writeHead(302, { Location: await saml.getAuthorizeUrlAsync("", undefined, {}) }).end();
  } else if (page === "acs") {
    const response = await resolve(site, url.searchParams.get("SAMLart"));
    const { profile } = await byArtifact
      .get(site)
      .validatePostResponseAsync({ SAMLResponse: Buffer.from(response).toString("base64") });
    reply.setHeader("Content-Type", "application/json").end(JSON.stringify(await told(profile)));
  } else {
    reply.writeHead(404).end();
  }
}

const server = createServer((request, reply) =>
  answer(new URL(request.url, facts.base_url), reply).catch((error) => {
    console.error(error.message);
    reply.writeHead(500, { "Content-Type": "text/plain; charset=utf-8" }).end(error.message);
  }),
);
server.listen(facts.port, "127.0.0.1");
