// What integration platforms document of the OpenAPI documents that they import, as read in November 2026. What a page does not say is not here.
const KB = 1_000
const MB = 1_000_000

/**
 * refuses: what is wrong with a document, so that it is not imported or not as a whole.
 * notes: what to do after the import, or what gets lost in it.
 */
export const platforms = [
  {
    name: 'power-automate',
    page: 'https://learn.microsoft.com/connectors/custom-connectors/define-openapi-definition',
    versions: ['2.0'],
    refuses: [(doc) => doc.bytes >= MB && `is ${doc.bytes} bytes; less than ${MB} are accepted`],
    notes: [(doc) => doc.schemes.length > 1 && `takes the first of ${doc.schemes.length} security schemes`],
  },
  {
    name: 'azure-api-management',
    page: 'https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions',
    versions: ['2.0', '3.0', '3.1'],
    refuses: [
      (doc) => doc.externalReferences[0] && `refers to another document: ${doc.externalReferences[0]}`,
      (doc) => doc.recursive[0] && `has a schema that contains itself: ${doc.recursive[0]}`,
      (doc) =>
        doc.sharedNames[0] && `has required parameters in path and query of one name: ${doc.sharedNames[0]}`,
    ],
    notes: [
      (doc) => doc.bytes > 4 * MB && `is ${doc.bytes} bytes: over ${4 * MB}, import it by its URL`,
      (doc) => doc.getBodies[0] && `loses the body of ${doc.getBodies[0]}`,
      (doc) => doc.schemes[0] && 'ignores security schemes: set credentials with a policy',
    ],
  },
  {
    name: 'mulesoft',
    page: 'https://docs.mulesoft.com/exchange/to-deploy-using-rest-connect',
    versions: ['2.0', '3.0'],
    refuses: [],
    notes: [
      (doc) => doc.bytes > 500 * KB && `is ${doc.bytes} bytes: the parser is at its best below ${500 * KB}`,
      (doc) => {
        const other = doc.schemes.find((scheme) => !['http basic', 'http digest', 'oauth2'].includes(scheme))
        return other && `REST Connect has no ${other}: send it as a header of the connector`
      },
    ],
  },
  {
    name: 'salesforce',
    page: 'https://help.salesforce.com/s/articleView?id=platform.external_services_schema_def_definition.htm',
    versions: ['2.0', '3.0'],
    refuses: [(doc) => doc.getBodies[0] && `has a GET with a body: ${doc.getBodies[0]}`],
    notes: [
      (doc) => doc.mediaTypes[0] && `needs a mapping of the media type ${doc.mediaTypes[0]}`,
      (doc) => doc.responseHeaders[0] && 'does not show response headers',
      (doc) => doc.longest > 1_333 && `cuts a description of ${doc.longest} characters at 1333`,
      (doc) => doc.schemes[0] && 'ignores security schemes: set them in a named credential',
    ],
  },
  {
    name: 'workato',
    page: 'https://docs.workato.com/developing-connectors/sdk/guides/import-via-oas.html',
    versions: ['2.0', '3.0', '3.1'],
    refuses: [(doc) => doc.relativeServer && `has no server to call: ${doc.relativeServer} is relative`],
    notes: [(doc) => doc.version !== '3.0' && 'its page names no version: 3.0 is the safe choice'],
  },
]
