/* The service over the code that wsdl2h and soapcpp2 make of one WSDL; WRAPPED, BARE, RPC or ENCODED says which. */
#include "soapH.h"
#include "MatrixBinding.nsmap"

#ifdef ENCODED
#define ITEM(order, i) (*(order)->items->__ptr[i])
#define COUNT(order) ((order)->items == NULL ? 0 : (order)->items->__size)
#else
#define ITEM(order, i) ((order)->items->item[i])
#define COUNT(order) ((order)->items == NULL ? 0 : (order)->items->__sizeitem)
#endif

static struct SOAP_ENV__Detail *detail_of(struct soap *soap)
{
    if (soap->fault->SOAP_ENV__Detail != NULL)
        return soap->fault->SOAP_ENV__Detail;
    return soap->fault->detail;
}

static int reject(struct soap *soap)
{
    struct ns1__Rejection *rejection = soap_malloc(soap, sizeof *rejection);
    int status = soap_sender_fault(soap, "Not today", "<placeholder/>");
    soap_default_ns1__Rejection(soap, rejection);
    rejection->code = "R<1>";
    rejection->left = 3;
    detail_of(soap)->__any = NULL;
#ifdef ENCODED
    detail_of(soap)->ns1__Rejected = soap_malloc(soap, sizeof(_ns1__Rejected));
    detail_of(soap)->ns1__Rejected->Rejected = rejection;
#else
    detail_of(soap)->ns1__Rejected = rejection;
#endif
    return status;
}

static int receive(struct soap *soap, struct ns1__Order *order, char **receipt)
{
    size_t length = 0;
    int i;
    if (strcmp(order->customer, "declared") == 0)
        return reject(soap);
    if (strcmp(order->customer, "undeclared") == 0)
        return soap_receiver_fault(soap, "Secret trouble", NULL);
    if (strcmp(order->customer, "missing") == 0)
    {
        char *detail = soap_malloc(soap, 80);
        sprintf(detail, "<e:none xmlns:e=\"urn:matrix:errors\">%lld</e:none>", (long long)order->id);
        return soap_sender_fault(soap, "no such order", detail);
    }
    for (i = 0; i < COUNT(order); i++)
        length += strlen(ITEM(order, i).sku) + 16;
    *receipt = soap_malloc(soap, length + 1);
    **receipt = '\0';
    for (i = 0; i < COUNT(order); i++)
        sprintf(*receipt + strlen(*receipt), "%s%dx%s", i == 0 ? "" : ";", ITEM(order, i).quantity, ITEM(order, i).sku);
    return SOAP_OK;
}

#if defined WRAPPED
int __ns1__Submit(struct soap *soap, struct _ns1__Submit *in, struct _ns1__SubmitResponse *out)
{
    out->order = in->order;
    return receive(soap, in->order, &out->receipt);
}
#elif defined BARE
int __ns1__Submit(struct soap *soap, struct ns1__Order *in, struct ns1__Result *out)
{
    out->order = in;
    return receive(soap, in, &out->receipt);
}
#else
int ns1__Submit(struct soap *soap, struct ns1__Order *in, struct ns1__SubmitResponse *out)
{
    out->order = in;
    return receive(soap, in, &out->receipt);
}
#endif

int main(void)
{
    struct soap *soap = soap_new1(SOAP_C_UTFSTRING);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    soap->bind_flags = SO_REUSEADDR;
    soap->accept_timeout = 0;
    if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, 100)))
        return 1;
    getsockname(soap->master, (struct sockaddr *)&address, &size);
    printf("ready on %d\n", ntohs(address.sin_port));
    fflush(stdout);
    while (soap_valid_socket(soap_accept(soap)))
    {
        soap_serve(soap);
        soap_destroy(soap);
        soap_end(soap);
    }
    return 1;
}
