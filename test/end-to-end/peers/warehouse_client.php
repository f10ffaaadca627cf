<?php

/** PHP's SoapClient behind a WSDL: what it understands of three answers, as JSON. */
final class Company
{
}

ini_set('soap.wsdl_cache_enabled', '0');
ini_set('serialize_precision', '-1');
$client = new SoapClient($argv[1], [
    'location' => $argv[2],
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'classmap' => ['Company' => Company::class],
]);
$order = $client->GetOrder('O-1');
echo json_encode([
    'class' => get_class($order->Customer),
    'order' => $order,
    'rows' => $client->Transpose([[1, 2], [4, 5]]),
    'properties' => $client->GetProperties('A'),
    'placed' => $client->PlaceOrder($order),
]);
