/** Every finding about a contract, with what it means and what to do; docs/diagnostics.md is this table. */
export const diagnosticCodes = {
  'annotation-invalid':
    'A value of the annotation is missing or of the wrong kind. The message says what is expected.',
  'annotation-missing': 'An operation has no `x-soap`. Name the WSDL operation that serves it.',
  'annotation-unknown': 'The annotation has no such key. The message lists those that it has.',
  'attachment-unsent':
    'The WSDL operation declares MIME attachments that the contract gives no source. Name them in `x-soap.request`.',
  'attachment-unsigned':
    'A backend signs its requests and sends attachments, which the signature would not cover. Leave out one of both.',
  'attributes-dropped':
    'The XSD type leaves room for attributes of any name (`xs:anyAttribute`). They have no place in JSON.',
  'backend-unknown': 'An operation names no backend, or none that `x-soap-backends` has.',
  'backends-missing': 'The document has no `x-soap-backends`. Add a map from a name to a WSDL.',
  'content-unmapped':
    'A body that is not JSON has no one value to go to or come from: name it with `$request.body` or `x-soap.response`.',
  'cache-shared': 'Answers that depend on who asks are marked as shared between clients.',
  'contract-empty': 'The document has no operations.',
  'contract-reference':
    'A `$ref` leads nowhere, or out of the document. Put what it names under `components`.',
  'contract-syntax':
    'The document is not valid YAML or JSON at this place, contains itself, or nests too deeply.',
  'contract-unreadable': 'The OpenAPI document cannot be opened. Check its path and permissions.',
  'contract-version': 'The document is not OpenAPI 3.1.',
  'credentials-in-clear':
    'Credentials are sent to an `http:` URL, where whoever is on the way can read them. Use `https:`.',
  'credentials-invalid': 'A user name, header, token or URL of `credentials` cannot be sent as HTTP has it.',
  'credentials-unsupported':
    'NTLM, Negotiate, Kerberos and Digest are not supported. Use `basic`, `oauth2` or a client certificate.',
  'encoding-partial':
    'The WSDL operation is document/encoded. It is called as document/literal. Encoding is for rpc.',
  'endpoint-invalid':
    'The endpoint is no absolute `http:` or `https:` URL. Its value is not shown, since it may be secret.',
  'endpoint-missing': 'The port has no `soap:address`. Give the backend an `endpoint`.',
  'enumeration-narrowed':
    'The backend may answer a value that the schema does not list; it would become a 502. Add it to the schema.',
  'environment-file': 'A file that a `…_FILE` variable names cannot be read.',
  'environment-missing': 'An environment variable that the document uses is not set and has no default.',
  'example-invalid': 'An example of the simulator does not fit its operation.',
  'examples-missing': 'The folder of examples cannot be read.',
  'fault-ambiguous': 'Two faults have the same detail element but different statuses. Map both to one.',
  'fault-schema': 'No alternative of the problem’s `fault` member fits the detail of a declared fault.',
  'fault-undeclared':
    'A fault is mapped to a status that the operation does not declare. Declare the response.',
  'fault-unknown': 'The WSDL operation declares no such fault. The message lists those that it declares.',
  'fetch-failed':
    'A WSDL or schema was not downloaded. An error follows where what it holds is needed; else nothing is amiss.',
  'file-unreadable':
    'A file of the contract cannot be read, or lies outside the directory that contracts may lie in.',
  'header-template': 'The `x-soap` of a response header cannot be made from what the operation has.',
  'header-unknown': 'No header block of this name is declared by the WSDL operation or its schemas.',
  'header-unsent':
    'The WSDL operation declares SOAP headers that the contract gives no source. Backends may refuse such calls.',
  'idempotency-status':
    'The status operation of `idempotency` cannot be asked, or its answer is not that of the operation.',
  'idempotency-undeclared':
    'An operation is marked `idempotency`, but does not declare the `Idempotency-Key` header as a parameter.',
  'import-no-port': 'There is nothing to import: no SOAP port with operations, or not the one asked for.',
  'member-missing':
    'The WSDL requires something that the contract never sends. Add a member, a parameter or a constant.',
  'member-narrowed':
    'The backend may leave out what the contract requires; such an answer would become a 502. Make the member optional, unless you know better.',
  'member-optional': 'The WSDL requires what the contract leaves optional. Require it, or give a default.',
  'member-unknown':
    'A member, parameter or path has no element or attribute in the XSD. Name it with `xml.name` or `x-soap: { path }`.',
  'null-mismatch': 'One side allows null (nil) and the other does not.',
  'one-way-content':
    'A one-way operation has no answer that content could come from. Answer 202 without content.',
  'openapi-invalid': 'The document breaks the OpenAPI 3.1 specification at this place.',
  'operation-id-duplicate': 'Two operations have the same `operationId`.',
  'operation-id-missing': 'An operation has no `operationId`, which names it in logs, metrics and code.',
  'operation-unknown':
    'The WSDL port has no such operation, or several: name the `input` of an overloaded one.',
  'parameter-unsupported': 'A parameter needs a name, a schema and `in: path`, `query` or `header`.',
  'path-parameter-undeclared': 'A path template has a parameter that is not declared.',
  'path-parameter-unused': 'A path parameter is declared that the template does not have.',
  'pattern-backtracks':
    'A `pattern` refers back to a group, or repeats too much: no engine judges texts by it in time proportional to their length. Rewrite it.',
  'pattern-invalid': 'A `pattern` is no ECMA-262 regular expression with the `u` flag.',
  'port-ambiguous': 'The WSDL has several SOAP ports, or none of the given name. Give `service` and `port`.',
  'port-missing': 'The WSDL has no SOAP port to simulate.',
  'proxy-invalid':
    'The proxy is no `http:` or `https:` URL without a path. Its value is not shown, since it may be secret.',
  'request-source': 'A target of `x-soap.request` has no source that the operation could give it.',
  'response-absent':
    'The selected part of the answer may be absent, which is answered with 404. Declare that response.',
  'response-path': 'The path of `x-soap.response` names an element that the output does not have.',
  'response-success': 'An operation must declare exactly one 2xx response.',
  'schema-mismatch':
    'The JSON Schema and the XSD type cannot be the same value. The message says what the schema must be.',
  'schema-uncompilable': 'A JSON Schema of the document cannot be compiled.',
  'secret-in-contract':
    'The contract holds a secret, or text around it. Write `${NAME}` alone; the value comes from the environment or a file.',
  'session-missing': 'A source is `$session.token`, but its backend has no `session`.',
  'session-token': 'The answer of the login has no such token, or a session has neither token nor cookie.',
  'security-invalid': 'A `security` is not a list of requirements, or its scopes are not a list of texts.',
  'security-scheme-unknown': 'A `security` names a scheme that `components/securitySchemes` does not have.',
  'security-scheme-unsupported':
    'A security scheme is of a kind that cannot be checked, such as HTTP Basic. Keys, access tokens and client certificates can.',
  'security-unconfigured':
    'The contract asks for credentials that this deployment cannot check. See docs/security.md for the settings of each scheme.',
  'security-undeclared':
    'The contract does not say who may call an operation. Declare `security`, or open it on purpose with `security: []`.',
  'wss-certificate-expired':
    'A certificate for WS-Security has expired or is not valid yet. Nothing that rests on it will be believed.',
  'wss-key':
    'A private key or a certificate for WS-Security cannot be read or used, or they do not belong together.',
  'wss-policy': 'The `security` of a backend asks for what its other keys do not give.',
  'wss-unsupported': 'The `security` of a backend asks for what is not supported, such as encryption.',
  'wss-weak': 'The `security` of a backend rests on SHA-1. Agree on something better.',
  'setting-invalid': 'An environment variable that configures the service has a value that it cannot have.',
  'tls-file':
    'A certificate or key is neither PEM text nor the path of a file that can be read. Its value is not shown.',
  'tls-invalid':
    'Certificates, keys and passphrase do not fit together, or cannot be read. The message says which.',
  'tls-unused': 'A backend has `tls` settings but an `http:` endpoint.',
  'tls-validity': 'A certificate has expired or is not valid yet. Connections that need it will fail.',
  'wsdl-document-type':
    'A document/literal part names a type where an element is asked for. An element of the part’s name is assumed.',
  'wsdl-fault': 'A fault has no message with one part, and is left out.',
  'wsdl-import': 'A `wsdl:import` cannot be followed.',
  'wsdl-no-soap': 'The WSDL has no binding to SOAP.',
  'wsdl-not-a-wsdl': 'The file is no WSDL.',
  'wsdl-operation': 'An operation of a binding has no counterpart in its port type, and is left out.',
  'wsdl-part': 'A part of a message cannot be used as the binding asks. The operation is left out.',
  'wsdl-port': 'A port is not bound to SOAP over HTTP, and is passed over.',
  'wsdl-rpc-element': 'An rpc part names an element where a type is asked for.',
  'wsdl-rpc-namespace': 'An rpc body has no namespace. Its wrapper is written without one.',
  'wsdl-solicit-response':
    'An operation has its output before its input, as if the backend began. It is called like any other.',
  'wsdl-unresolved': 'A message, port type or binding is referred to but not defined.',
  'wsdl-version': 'The file is a WSDL 2.0 document; soapstone reads WSDL 1.1.',
  'xml-doctype': 'The file has a document type declaration. It is passed over: nothing in it is used.',
  'xml-encoding': 'The file is not in the encoding that it declares.',
  'xml-limit': 'The file is nested too deeply or has too much of something.',
  'xml-malformed': 'The file is not well-formed XML at this place.',
  'xml-size': 'The file is too large.',
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
    'An import or include has no file that can be read. An error follows where its components are needed.',
  'xsd-import-namespace': 'A schema file has another namespace than its import says.',
  'xsd-not-a-schema': 'A file that is imported as a schema is none.',
  'xsd-occurs': 'minOccurs or maxOccurs is no number that XML Schema allows.',
  'xsd-pattern':
    'A pattern cannot be translated to a JavaScript expression. Values are not checked against it.',
  'xsd-redefine': 'A redefinition has no original.',
  'xsd-reference': 'A reference has an undeclared prefix or an impossible form.',
  'xsd-simple-content': 'A simple content breaks XML Schema.',
  'xsd-simple-type': 'A simple type breaks XML Schema.',
  'xsd-too-deep': 'Definitions are nested too deeply.',
  'xsd-too-large': 'Definitions expand to too much.',
  'xsd-unresolved': 'A type, element, group or attribute is referred to but not defined.',
  'xsd-version': 'A schema uses what only XML Schema 1.1 has. It is passed over.',
  'xsd-wildcard': 'A wildcard breaks XML Schema.',
} as const

/** Stable: scripts may rely on it. */
export type DiagnosticCode = keyof typeof diagnosticCodes
