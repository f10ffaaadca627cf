/** Every finding about a contract, with what it means and what to do; docs/diagnostics.md is this table. */
export const diagnosticCodes = {
  'alternative-ambiguous':
    'Two alternatives of an operation fit the same query parameters. Name in `when` what only one of them is asked with.',
  'alternative-parameter':
    'What chooses an alternative is no query parameter of the operation, or one that is never absent, or one that another alternative is chosen by.',
  'annotation-invalid':
    'A value of the annotation is missing or of the wrong kind. The message says what is expected.',
  'annotation-missing': 'An operation has no `x-soap`. Name the WSDL operation that serves it.',
  'annotation-unknown': 'The annotation has no such key. The message lists those that it has.',
  'attachment-include':
    'An element has the type xop:Include, whose part would be lost. Give it the type `xs:base64Binary` in the schema, and the backend `attachments: mtom`.',
  'attachment-unsent':
    'The WSDL operation declares MIME attachments that the contract gives no source. Name them in `x-soap.request`.',
  'attachment-unencrypted':
    'A backend encrypts the body of its requests and sends attachments in the clear beside it. Add `attachments` or `complete-attachments` to `security.encryption.parts`.',
  'attachment-unsigned':
    'A backend signs or encrypts its requests and sends attachments, which that would not cover. Add `attachments` or `complete-attachments` to `security.signature.parts`, or to those of `encryption`.',
  'attributes-dropped':
    'The XSD type leaves room for attributes of any name (`xs:anyAttribute`). They have no place in JSON.',
  'backend-unknown': 'An operation names no backend, or none that `x-soap-backends` has.',
  'backends-missing': 'The document has no `x-soap-backends`. Add a map from a name to a WSDL.',
  'content-unmapped':
    'A body that is not JSON has no one value to go to or come from: name it with `$request.body` or `x-soap.response`.',
  'base-path-taken':
    'Two contracts that are served beside each other have base paths within each other. Give each its own in `servers`.',
  'cache-shared': 'Answers that depend on who asks are marked as shared between clients.',
  'contract-empty': 'The document has no operations.',
  'contract-reference':
    'A `$ref` leads nowhere, or out of the document. Put what it names under `components`.',
  'contract-syntax':
    'The document is not valid YAML or JSON at this place, contains itself, or nests too deeply.',
  'contract-unreadable': 'The OpenAPI document cannot be opened. Check its path and permissions.',
  'contract-version':
    'The document is not OpenAPI 3.1. Of one of OpenAPI 3.0, each place that must change is named, with what to type.',
  'credentials-in-clear':
    'Credentials are sent to an `http:` URL, where anyone on the network path can read them. Use `https:`.',
  'credentials-invalid': 'A user name, header, token or URL of `credentials` cannot be sent as HTTP has it.',
  'credentials-unsupported':
    'NTLM, Negotiate and Kerberos are not supported. Use `basic`, `digest`, `oauth2` or a client certificate.',
  'document-invalid':
    'The `content` of a text cannot be mapped: its schema or element is missing, or the WSDL has no text there.',
  'encoding-partial':
    'The WSDL operation is document/encoded. It is called as document/literal. Encoding is for rpc.',
  'endpoint-invalid':
    'The endpoint is not an absolute `http:` or `https:` URL. Its value is not shown, since it may be secret.',
  'endpoint-missing': 'The port has no `soap:address`. Give the backend an `endpoint`.',
  'enumeration-narrowed':
    'The backend may answer a value that the schema does not list; it would become a 502. Add it to the schema.',
  'envelope-none':
    'A backend or operation without an envelope has what only an envelope can carry. Leave it out, or call a port with SOAP.',
  'environment-file': 'A file that a `…_FILE` variable names cannot be read.',
  'environment-missing': 'An environment variable that the document uses is not set and has no default.',
  'environment-mistaken':
    'An environment variable that the document uses is not set, but one is set that is nearly called so. Correct its name.',
  'example-invalid': 'An example of the simulator does not fit its operation.',
  'examples-missing': 'The folder of examples cannot be read.',
  'export-incomplete':
    'The contract cannot be served here, for want of WSDLs or variables: the exported document lacks the examples that come from them.',
  'fault-ambiguous': 'Two faults have the same detail element but different statuses. Map both to one.',
  'fault-schema':
    'No alternative of the problem’s `fault` member fits the detail of a declared fault, or the values of a mapped one.',
  'fault-undeclared':
    'A fault is mapped to a status that the operation does not declare. Declare the response.',
  'fault-unknown': 'The WSDL operation declares no such fault. The message lists those that it declares.',
  'fetch-charset':
    'The charset that a server gives a WSDL or schema contradicts its XML declaration. The message says which was taken, and how to go on.',
  'fetch-failed':
    'A WSDL or schema was not downloaded. Operations that need what it holds are left out; else nothing is wrong.',
  'file-unreadable':
    'A file of the contract cannot be read, or lies outside the directory that contracts may lie in.',
  'header-template': 'The `x-soap` of a response header cannot be made from what the operation has.',
  'header-unknown': 'No header block of this name is declared by the WSDL operation or its schemas.',
  'header-unsent':
    'The WSDL operation declares SOAP headers that the contract gives no source. Backends may refuse such calls.',
  'idempotency-status':
    'The status operation of `idempotency` cannot be asked, or its response is not that of the operation.',
  'idempotency-undeclared':
    'An operation is marked `idempotency`, but does not declare the `Idempotency-Key` header as a parameter.',
  'identity-absent':
    'A source is `$identity.…`, but no credentials that the operation asks for give it. Ask for others in its `security`.',
  'import-no-port': 'There is nothing to import: no SOAP port with operations, or not the one asked for.',
  'lifecycle-invalid':
    '`x-lifecycle` has a date that is none, a sunset before the deprecation, a URL that is none or a member that it does not know.',
  'link-unresolved':
    'A link of a response names an operation, a parameter or a member that there is not. Name one that there is, or remove the link.',
  'member-missing':
    'The WSDL requires something that the contract never sends. Add a member, a parameter or a constant.',
  'member-narrowed':
    'The backend may leave out what the contract requires; such a response would become a 502. Make the member optional, unless you know better.',
  'member-optional': 'The WSDL requires what the contract leaves optional. Require it, or give a default.',
  'member-unknown':
    'A member, parameter or path has no element or attribute in the XSD. Name it with `xml.name` or `x-soap: { path }`.',
  'null-mismatch': 'One side allows null (nil) and the other does not.',
  'one-way-content':
    'A one-way operation has no response that content could come from. Answer 202 without content.',
  'openapi-inexact':
    'OpenAPI 3.0 cannot say what stands at this place. The message says what became wider, or is left out.',
  'openapi-invalid': 'The document breaks the OpenAPI 3.1 specification at this place.',
  'operation-id-duplicate': 'Two operations have the same `operationId`.',
  'operation-id-missing': 'An operation has no `operationId`, which names it in logs, metrics and code.',
  'operation-unknown':
    'The WSDL port has no such operation, or several: name the `input` of an overloaded one.',
  'parameter-unsupported': 'A parameter needs a name, a schema and `in: path`, `query` or `header`.',
  'path-parameter-undeclared': 'A path template has a parameter that is not declared.',
  'path-parameter-unused': 'A path parameter is declared that the template does not have.',
  'pattern-anchor':
    'A `pattern` has `^` before its first alternative and `$` after its last alone. Texts match that only contain one.',
  'pattern-backtracks':
    'A `pattern` refers back to a group, or repeats too much: no engine judges texts by it in time proportional to their length. Rewrite it.',
  'pattern-invalid': 'A `pattern` is not an ECMA-262 regular expression with the `u` flag.',
  'policy-unmet':
    'A WS-Policy of the WSDL demands what the backend does not do, or soapstone cannot. Ask the provider whether it is meant.',
  'port-ambiguous': 'The WSDL has several SOAP ports, or none of the given name. Give `service` and `port`.',
  'port-missing': 'The WSDL has no SOAP port to simulate.',
  'proxy-invalid':
    'The proxy is not an `http:` or `https:` URL without a path. Its value is not shown, since it may be secret.',
  'receive-unauthenticated':
    'A backend that calls soapstone has a `receive` that does not say who may call. Give it one way to prove that, or `open: true`.',
  'request-source': 'A target of `x-soap.request` has no source that the operation could give it.',
  'response-absent':
    'The selected part of the response may be absent, which is answered with 404. Declare that response.',
  'response-path': 'The path of `x-soap.response` names an element that the output does not have.',
  'response-success': 'An operation must declare exactly one 2xx response.',
  'schema-keyword':
    'A keyword of a schema has a value that it cannot have, or is of another version of JSON Schema. Errors would be judged wrongly; warnings mean nothing.',
  'schema-mismatch':
    'The JSON Schema and the XSD type cannot be the same value. The message says what the schema must be.',
  'schema-uncompilable': 'A JSON Schema of the document cannot be compiled.',
  'secret-in-contract':
    'The contract holds a secret, or text around it. Write `${NAME}` alone; the value comes from the environment or a file.',
  'saml-in-url':
    'The SAML assertion comes in the path or the query, which logs and histories keep. Take it from a header.',
  'saml-undeclared':
    'The SAML assertion comes in a header of which the contract says nothing. Declare it, so that clients know of it.',
  'session-missing':
    'A source is `$session.token`, but its backend has no `session`, or one without a `token`.',
  'session-endpoint':
    'The endpoint that a login gives cannot be used: it is not found, its `hosts` are missing, or something else says where calls go.',
  'session-token': 'The response of the login has no such token, or a session has neither token nor cookie.',
  'security-invalid': 'A `security` is not a list of requirements, or its scopes are not a list of texts.',
  'security-scheme-unknown': 'A `security` names a scheme that `components/securitySchemes` does not have.',
  'security-scheme-unsupported':
    'A security scheme is of a kind that cannot be checked, such as HTTP Basic. Keys, access tokens and client certificates can.',
  'security-unconfigured':
    'The contract asks for credentials that this deployment cannot check. See docs/security.md for the settings of each scheme.',
  'security-undeclared':
    'The contract does not say who may call an operation. Declare `security`, or open it on purpose with `security: []`.',
  'webhook-id':
    'The events of a webhook have no `id`: a message that its sender repeats becomes another event. Name what makes it the same.',
  'webhook-poll':
    'What a webhook polls is no read operation of the contract, or its parameters, items, id or changes do not fit it.',
  'webhook-schema':
    'A webhook has no JSON request body, or its schema is not that of the items that are polled.',
  'webhook-source':
    'A webhook does not say, or not in one way, where its events come from: `x-soap: { receive }` or `x-soap: { poll }`; or its name or path is one that cannot be used.',
  'wss-certificate-expired':
    'A certificate for WS-Security has expired or is not valid yet. Nothing that rests on it will be believed.',
  'wss-key':
    'A private key, a certificate or a list of revoked ones for WS-Security cannot be read or used, or they do not belong together.',
  'wss-policy': 'The `security` of a backend asks for what its other keys, or its operations, do not give.',
  'wss-unsupported':
    'The `security` of a backend asks for what is not supported, such as WS-SecureConversation.',
  'wss-weak':
    'The `security` of a backend rests on SHA-1, CBC, RSA 1.5, a short password, or one password for both directions. Agree on something better.',
  'setting-invalid': 'An environment variable that configures the service has a value that it cannot have.',
  'setting-unknown':
    'An environment variable is nearly called like a setting, and has no effect. Correct its name.',
  'tls-file':
    'A certificate or key is neither PEM text nor the path of a file that can be read. Its value is not shown.',
  'tls-invalid':
    'Certificates, keys and passphrase do not fit together, or cannot be read. The message says which.',
  'tls-unused': 'A backend has `tls` settings but an `http:` endpoint.',
  'tls-validity': 'A certificate has expired or is not valid yet. Connections that need it will fail.',
  'wsdl-duplicate':
    'An operation is bound twice, or a port is defined twice, and nothing tells them apart. The first one counts.',
  'wsdl-document-type':
    'A document/literal part names a type where an element is asked for. An element of the part’s name is assumed.',
  'wsdl-fault': 'A fault has no message with one part, and is left out.',
  'wsdl-import': 'A `wsdl:import` cannot be followed.',
  'wsdl-no-soap': 'The WSDL has no binding to SOAP.',
  'wsdl-not-a-wsdl': 'The file is not a WSDL.',
  'wsdl-operation': 'An operation of a binding has no counterpart in its port type, and is left out.',
  'wsdl-part': 'A part of a message cannot be used as the binding asks. The operation is left out.',
  'wsdl-port': 'A port is not bound to SOAP over HTTP, and is ignored.',
  'wsdl-rpc-element': 'An rpc part names an element where a type is asked for.',
  'wsdl-rpc-namespace': 'An rpc body has no namespace. Its wrapper is written without one.',
  'wsdl-solicit-response':
    'An operation has its output before its input, as if the backend began. It is called like any other.',
  'wsdl-unresolved':
    'A message, port type, binding, element or type is referred to but not defined. What needs it is left out.',
  'wsdl-unusable':
    'An operation needs an element or a type that is wrong, or needs what is wrong. The operation is left out; the lines below the finding say why.',
  'wsdl-version': 'The file is a WSDL 2.0 document; soapstone reads WSDL 1.1.',
  'xml-doctype': 'The file has a document type declaration. It is ignored: nothing in it is used.',
  'xml-encoding': 'The file is not in the encoding that it declares.',
  'xml-limit': 'The file is nested too deeply or has too much of something.',
  'xml-malformed': 'The file is not well-formed XML at this place.',
  'xml-size': 'The file is too large.',
  'xsd-abstract':
    'Nothing concrete can stand in the place of an element: its type is abstract, and the schemas have none that derives from it. It is left out; an operation that must send it is refused.',
  'xsd-ambiguous':
    'A child element may belong to two particles of a content model, which XML Schema 1.0 forbids. Declared elements go before wildcards.',
  'xsd-array-type': 'A `wsdl:arrayType` cannot be read.',
  'xsd-attribute': 'An attribute declaration breaks XML Schema.',
  'xsd-circular': 'A definition contains itself where it must not.',
  'xsd-complex-content': 'A complex content breaks XML Schema.',
  'xsd-complex-type': 'A complex type breaks XML Schema.',
  'xsd-duplicate': 'A component is defined twice in a namespace. The first definition counts.',
  'xsd-element': 'An element declaration breaks XML Schema.',
  'xsd-facet': 'A facet cannot be applied to its type.',
  'xsd-group': 'A model group breaks XML Schema.',
  'xsd-import':
    'An import or include has no file that can be read. Operations that need its components are left out.',
  'xsd-import-namespace': 'A schema file has another namespace than its import says.',
  'xsd-not-a-schema': 'A file that is imported as a schema is none.',
  'xsd-occurs': 'minOccurs or maxOccurs is not a number that XML Schema allows.',
  'xsd-pattern':
    'A pattern cannot be translated to a JavaScript expression, and values are not checked against it; or it has `^` or `$` at its ends, which XML Schema takes for letters.',
  'xsd-redefine': 'A redefinition has no original.',
  'xsd-reference': 'A reference has an undeclared prefix or an impossible form.',
  'xsd-simple-content': 'A simple content breaks XML Schema.',
  'xsd-simple-type': 'A simple type breaks XML Schema.',
  'xsd-too-deep': 'Definitions are nested too deeply.',
  'xsd-too-large': 'Definitions expand to too much.',
  'xsd-unresolved': 'A type, element, group or attribute is referred to but not defined.',
  'xsd-version': 'A schema uses what only XML Schema 1.1 has. It is ignored.',
  'xsd-wildcard': 'A wildcard breaks XML Schema.',
} as const

/** Stable: scripts may rely on it. */
export type DiagnosticCode = keyof typeof diagnosticCodes
