/*
 * The wrapped service, which demands what its first argument says:
 *   username            a UsernameToken with a digest and a Timestamp
 *   signature CA KEY    Body and Timestamp signed by who has a certificate of CA; the answer is signed with KEY,
 *                       a PEM file of key and certificate
 *   addressing          WS-Addressing
 *   mtom                MTOM; the receipt has the size of the attachment, and the answer brings it back
 */
#include "soapH.h"
#include "MatrixBinding.nsmap"

static const char *policy;

#ifdef SECURITY
#include "plugin/wsseapi.h"

static EVP_PKEY *key;
static X509 *certificate;

static int check_username(struct soap *soap)
{
    const char *name = soap_wsse_get_Username(soap);
    if (name == NULL)
        return soap->error;
    if (strcmp(name, "facade") != 0 || soap_wsse_verify_Password(soap, "open sesame"))
        return soap->error ? soap->error : soap_sender_fault(soap, "Nobody of that name", NULL);
    if (soap_wsse_Timestamp(soap) == NULL)
        return soap_sender_fault(soap, "No timestamp", NULL);
    return soap_wsse_verify_Timestamp(soap);
}

static int check_signature(struct soap *soap)
{
    X509 *signer;
    int status;
    /* soap_wsse_verify_body finds no Body of SOAP 1.2: the tree that it looks at has the namespace of SOAP 1.1. */
    if (soap_wsse_verify_element(soap, soap->local_namespaces->ns, "Body") != 1)
        return soap_sender_fault(soap, "Body not signed", NULL);
    if (soap_wsse_verify_element(soap, wsu_URI, "Timestamp") != 1)
        return soap_sender_fault(soap, "Timestamp not signed", NULL);
    if (soap_wsse_verify_Timestamp(soap))
        return soap->error;
    signer = soap_wsse_get_KeyInfo_SecurityTokenReferenceX509(soap);
    status = soap_wsse_verify_X509(soap, signer);
    if (signer != NULL)
        X509_free(signer);
    return status;
}

static int sign_answer(struct soap *soap)
{
    return soap_wsse_add_Timestamp(soap, "Time", 60)
        || soap_wsse_add_BinarySecurityTokenX509(soap, "Token", certificate)
        || soap_wsse_add_KeyInfo_SecurityTokenReferenceX509(soap, "#Token")
        || soap_wsse_sign_body(soap, SOAP_SMD_SIGN_RSA_SHA256, key, 0);
}

static int check(struct soap *soap)
{
    int status = strcmp(policy, "username") == 0 ? check_username(soap) : check_signature(soap);
    soap_wsse_delete_Security(soap);
    return status != SOAP_OK || strcmp(policy, "username") == 0 ? status : sign_answer(soap);
}

static void read_key(const char *file)
{
    FILE *stream = fopen(file, "r");
    key = PEM_read_PrivateKey(stream, NULL, NULL, NULL);
    certificate = PEM_read_X509(stream, NULL, NULL, NULL);
    fclose(stream);
}

static void prepare(struct soap *soap, char **arguments)
{
    soap_register_plugin(soap, soap_wsse);
    if (strcmp(policy, "signature") != 0)
        return;
    soap->cafile = arguments[0];
    read_key(arguments[1]);
    soap_set_omode(soap, SOAP_XML_CANONICAL);
}

static void expect(struct soap *soap)
{
    if (strcmp(policy, "signature") == 0)
        soap_wsse_verify_auto(soap, SOAP_SMD_NONE, NULL, 0);
}
#else
#include "plugin/wsaapi.h"

/* Faults that others would send to wsa:FaultTo. */
int SOAP_ENV__Fault(struct soap *soap, char *faultcode, char *faultstring, char *faultactor, struct SOAP_ENV__Detail *detail,
    struct SOAP_ENV__Code *SOAP_ENV__Code, struct SOAP_ENV__Reason *SOAP_ENV__Reason, char *SOAP_ENV__Node,
    char *SOAP_ENV__Role, struct SOAP_ENV__Detail *SOAP_ENV__Detail)
{
    return SOAP_NO_METHOD;
}

static int check(struct soap *soap)
{
    if (strcmp(policy, "addressing") != 0)
        return SOAP_OK;
    return soap_wsa_check(soap) || soap_wsa_reply(soap, NULL, "urn:matrix:Matrix:SubmitResponse") ? soap->error : SOAP_OK;
}

static void prepare(struct soap *soap, char **arguments)
{
    if (strcmp(policy, "addressing") == 0)
        soap_register_plugin(soap, soap_wsa);
    else
        soap_set_omode(soap, SOAP_ENC_MTOM);
}

static void expect(struct soap *soap)
{
}
#endif

int __ns1__Submit(struct soap *soap, struct _ns1__Submit *in, struct _ns1__SubmitResponse *out)
{
    struct xsd__base64Binary *payload = &in->order->payload;
    if (check(soap))
        return soap->error;
    out->order = in->order;
    out->receipt = soap_malloc(soap, 64);
    if (strcmp(policy, "mtom") == 0)
        sprintf(out->receipt, "%s of %d bytes", payload->id == NULL ? "text" : "attachment", payload->__size);
    else
        sprintf(out->receipt, "%.60s", in->order->items->item[0].sku);
    return SOAP_OK;
}

int main(int count, char **arguments)
{
    struct soap *soap = soap_new1(SOAP_C_UTFSTRING);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    policy = arguments[1];
    prepare(soap, arguments + 2);
    soap->bind_flags = SO_REUSEADDR;
    if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, 100)))
        return 1;
    getsockname(soap->master, (struct sockaddr *)&address, &size);
    printf("ready on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (soap_valid_socket(soap_accept(soap)))
    {
        expect(soap);
        soap_serve(soap);
        soap_destroy(soap);
        soap_end(soap);
    }
    return 1;
}
