import { A, type Construct, element } from '../construct.js'

/** What spreads over documents: features.xsd imports, includes and redefines the others beside it. */
export const schemas: readonly Construct[] = [
  {
    construct: '`import`, also in a circle',
    section: 'Part 1, 4.2.3',
    operation: 'Import',
    content: element('ref="o:Circular"') + A,
    json: '{"circular":{"back":"1"},"a":"2"}',
    xml: '<o:Circular xmlns:o="urn:other"><f:Back>1</f:Back></o:Circular><f:A>2</f:A>',
    types: element('name="Back" type="xs:string"'),
  },
  {
    construct: '`include`',
    section: 'Part 1, 4.2.1',
    operation: 'Include',
    content: element('name="X" type="f:Included"') + A,
    json: '{"x":{"i":"1","j":"2"},"a":"3"}',
    xml: '<f:X><f:I>1</f:I><f:J>2</f:J></f:X><f:A>3</f:A>',
  },
  {
    construct: '`include` of a schema without a namespace (chameleon)',
    section: 'Part 1, 4.2.1',
    operation: 'Chameleon',
    content: element('name="X" type="f:Chameleon"') + A,
    json: '{"x":{"c":"1","d":"2"},"a":"3"}',
    xml: '<f:X><f:C>1</f:C><f:D>2</f:D></f:X><f:A>3</f:A>',
  },
  {
    construct: '`redefine`',
    section: 'Part 1, 4.2.2',
    operation: 'Redefine',
    content: element('name="X" type="f:Redefined"') + A,
    json: '{"x":{"old":"1","new":"2"},"a":"3"}',
    xml: '<f:X><f:Old>1</f:Old><f:New>2</f:New></f:X><f:A>3</f:A>',
  },
  {
    construct: 'several schemas of one namespace in the WSDL',
    section: 'WSDL 1.1, 2.2',
    operation: 'SeveralSchemas',
    content: element('ref="f:InAnotherSchema"') + A,
    json: '{"inAnotherSchema":1,"a":"2"}',
    xml: '<f:InAnotherSchema>1</f:InAnotherSchema><f:A>2</f:A>',
  },
  {
    construct: 'schema with unqualified local elements',
    section: 'Part 1, 3.15',
    operation: 'UnqualifiedSchema',
    content: element('ref="u:Unqualified"') + A,
    json: '{"unqualified":{"p":"1","q":"2"},"a":"3"}',
    xml: '<u:Unqualified xmlns:u="urn:unqualified"><p>1</p><q>2</q></u:Unqualified><f:A>3</f:A>',
  },
  {
    construct: 'elements of no namespace',
    section: 'Part 1, 3.15',
    operation: 'NoNamespace',
    content: element('ref="Bare"') + A,
    json: '{"bare":"1","a":"2"}',
    xml: '<Bare>1</Bare><f:A>2</f:A>',
  },
] // prettier-ignore
