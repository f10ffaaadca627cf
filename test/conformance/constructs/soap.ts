/** One construct of WSDL, with an operation of its own; both directions carry the same body but for rpc. */
export interface SoapConstruct {
  readonly construct: string
  readonly section: string
  readonly operation: string
  /** Declarations of the schema. */
  readonly types?: string
  /** wsdl:message elements; `w` is the prefix of the WSDL. */
  readonly messages: string
  /** Children of the operation of the port type. */
  readonly abstract: string
  /** Children of the operation of the binding. */
  readonly binding: string
  readonly json: string
  /** Children of soap:Body. */
  readonly request: string
  /** Children of soap:Body of the response; absent where there is none. */
  readonly answer?: string
  /** The body of the response where it is not that of the request. */
  readonly answerJson?: string
  readonly soapVersion?: '1.2'
}

const message = (name: string, parts: string): string => `<message name="${name}">${parts}</message>`
const part = (name: string, rest: string): string => `<part name="${name}" ${rest}/>`
const literal = '<s:body use="literal"/>'
const echo = (name: string): string => `<input message="w:${name}"/><output message="w:${name}"/>`
const action = (rest = ''): string => `<s:operation soapAction=""${rest}/>`
const bound = action() + `<input>${literal}</input><output>${literal}</output>`
const pair =
  '<xs:complexType><xs:sequence><xs:element name="A" type="xs:string"/><xs:element name="B" type="xs:int"/></xs:sequence><xs:attribute name="note" type="xs:string"/></xs:complexType>'
const ab = '<f:A>1</f:A><f:B>2</f:B>'
const json = '{"a":"1","b":2}' // prettier-ignore

export const soapConstructs: readonly SoapConstruct[] = [
  {
    construct: 'document/literal, wrapped; binding without `style`',
    section: '3.3 and 3.4',
    operation: 'Wrapped',
    types: `<xs:element name="Wrapped">${pair}</xs:element>`,
    messages: message('Wrapped', part('parameters', 'element="f:Wrapped"')),
    abstract: echo('Wrapped'),
    binding: bound,
    json,
    request: `<f:Wrapped>${ab}</f:Wrapped>`,
    answer: `<f:Wrapped>${ab}</f:Wrapped>`,
  },
  {
    construct: 'document/literal, bare: a body of simple type',
    section: '3.5',
    operation: 'Bare',
    types: '<xs:element name="Text" type="xs:string"/>',
    messages: message('Bare', part('text', 'element="f:Text"')),
    abstract: echo('Bare'),
    binding: bound,
    json: '{"text":"x"}',
    request: '<f:Text>x</f:Text>',
    answer: '<f:Text>x</f:Text>',
  },
  {
    construct: 'rpc/literal: parts by type, `namespace` of `soap:body`',
    section: '3.5',
    operation: 'Rpc',
    types: `<xs:complexType name="RpcPair"><xs:sequence><xs:element name="A" type="xs:string"/><xs:element name="B" type="xs:int"/></xs:sequence></xs:complexType>`,
    messages: message('Rpc', part('one', 'type="xs:int"') + part('two', 'type="f:RpcPair"')),
    abstract: echo('Rpc'),
    binding: `${action(' style="rpc"')}<input><s:body use="literal" namespace="urn:rpc"/></input><output><s:body use="literal" namespace="urn:rpc"/></output>`,
    json: '{"one":1,"two":{"a":"1","b":2}}',
    request: `<r:Rpc xmlns:r="urn:rpc"><one>1</one><two>${ab}</two></r:Rpc>`,
    answer: `<r:RpcResponse xmlns:r="urn:rpc"><one>1</one><two>${ab}</two></r:RpcResponse>`,
  },
  {
    construct: 'one-way operation',
    section: '2.4.1',
    operation: 'OneWay',
    types: `<xs:element name="OneWay">${pair}</xs:element>`,
    messages: message('OneWay', part('parameters', 'element="f:OneWay"')),
    abstract: '<input message="w:OneWay"/>',
    binding: `${action()}<input>${literal}</input>`,
    json,
    request: `<f:OneWay>${ab}</f:OneWay>`,
  },
  {
    construct: '`soap:header` of a message of its own',
    section: '3.7',
    operation: 'Header',
    types: `<xs:element name="Header">${pair}</xs:element><xs:element name="Session" type="xs:string"/>`,
    messages:
      message('Header', part('parameters', 'element="f:Header"')) +
      message('Session', part('session', 'element="f:Session"')),
    abstract: echo('Header'),
    binding: `${action()}<input>${literal}<s:header message="w:Session" part="session" use="literal"/></input><output>${literal}</output>`,
    json,
    request: `<f:Header>${ab}</f:Header>`,
    answer: `<f:Header>${ab}</f:Header>`,
  },
  {
    construct: '`parts` of `soap:body`, another part in the header',
    section: '3.5',
    operation: 'Parts',
    types: `<xs:element name="Parts">${pair}</xs:element>`,
    messages: message('Parts', part('session', 'element="f:Session"') + part('body', 'element="f:Parts"')),
    abstract: echo('Parts'),
    binding: `${action()}<input><s:body use="literal" parts="body"/><s:header message="w:Parts" part="session" use="literal"/></input><output><s:body use="literal" parts="body"/></output>`,
    json,
    request: `<f:Parts>${ab}</f:Parts>`,
    answer: `<f:Parts>${ab}</f:Parts>`,
  },
  {
    construct: 'declared faults',
    section: '2.4.2 and 3.6',
    operation: 'Faults',
    types: `<xs:element name="Faults">${pair}</xs:element><xs:element name="NotFoundFault"><xs:complexType><xs:sequence><xs:element name="Id" type="xs:int"/></xs:sequence></xs:complexType></xs:element><xs:element name="LimitFault"><xs:complexType><xs:sequence><xs:element name="Limit" type="xs:decimal"/></xs:sequence></xs:complexType></xs:element>`,
    messages:
      message('Faults', part('parameters', 'element="f:Faults"')) +
      message('NotFoundFault', part('fault', 'element="f:NotFoundFault"')) +
      message('LimitFault', part('fault', 'element="f:LimitFault"')),
    abstract: `${echo('Faults')}<fault name="NotFoundFault" message="w:NotFoundFault"/><fault name="LimitFault" message="w:LimitFault"/>`,
    binding: `${bound}<fault name="NotFoundFault"><s:fault name="NotFoundFault" use="literal"/></fault><fault name="LimitFault"><s:fault name="LimitFault" use="literal"/></fault>`,
    json,
    request: `<f:Faults>${ab}</f:Faults>`,
    answer: `<f:Faults>${ab}</f:Faults>`,
  },
  ...['First', 'Second'].map((name): SoapConstruct => ({
    construct: `overloaded operation, by the name of its input: ${name}`,
    section: '2.4.5',
    operation: 'Overloaded',
    types: `<xs:element name="${name}">${pair}</xs:element>`,
    messages: message(name, part('parameters', `element="f:${name}"`)),
    abstract: `<input name="${name}" message="w:${name}"/><output name="${name}Answer" message="w:${name}"/>`,
    binding: `${action()}<input name="${name}">${literal}</input><output name="${name}Answer">${literal}</output>`,
    json,
    request: `<f:${name}>${ab}</f:${name}>`,
    answer: `<f:${name}>${ab}</f:${name}>`,
  })),
  {
    construct: '`wsdl:import`: a message of another document',
    section: '2.1.1',
    operation: 'ImportedMessage',
    types: `<xs:element name="Imported">${pair}</xs:element>`,
    messages: '',
    abstract: '<input message="i:Imported"/><output message="i:Imported"/>',
    binding: bound,
    json,
    request: `<f:Imported>${ab}</f:Imported>`,
    answer: `<f:Imported>${ab}</f:Imported>`,
  },
  {
    construct: 'SOAP 1.2, several services',
    section: 'WSDL 1.1 Binding Extension for SOAP 1.2',
    operation: 'Soap12',
    types: `<xs:element name="Soap12">${pair}</xs:element>`,
    messages: message('Soap12', part('parameters', 'element="f:Soap12"')),
    abstract: echo('Soap12'),
    binding: bound,
    json,
    request: `<f:Soap12>${ab}</f:Soap12>`,
    answer: `<f:Soap12>${ab}</f:Soap12>`,
    soapVersion: '1.2',
  },
]
