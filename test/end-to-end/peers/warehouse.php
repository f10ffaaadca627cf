<?php

/**
 * Router script for `php -S`: PHP's own SoapServer, rpc/encoded, behind the WSDL that the environment names. What it is
 * sent, it understands as PHP does; it answers that.
 */
final class Company
{
    public string $Name;
    public string $VatNumber;
}

final class Warehouse
{
    public function EchoScalars(object $value): object
    {
        return $value;
    }

    public function GetOrder(string $id): array
    {
        if ($id !== 'O-1') {
            throw new SoapFault('Client', 'There is no such order', null, ['Id' => $id, 'Similar' => [7, 8]], 'OrderNotFound');
        }
        $company = new Company();
        $company->Name = 'Ünal & <Söhne>';
        $company->VatNumber = 'DE1';
        return [
            'Id' => $id,
            'Customer' => $company,
            'Placed' => '2020-02-29',
            'Note' => null,
            'Lines' => [
                ['Sku' => 'A', 'Quantity' => 2, 'Price' => '1.10'],
                ['Sku' => 'B', 'Quantity' => -1, 'Price' => '12345678901234567890.5'],
            ],
        ];
    }

    public function ListOrders(): array
    {
        $party = (object) ['Name' => 'shared'];
        $lines = [];
        $order = fn (string $id) => ['Id' => $id, 'Customer' => $party, 'Placed' => '2020-01-01', 'Note' => '', 'Lines' => $lines];
        return [$order('O-1'), $order('O-2'), $order('O-3')];
    }

    public function PlaceOrder(object $order): array
    {
        $class = $order->Customer instanceof Company ? 'company' : 'person';
        $pieces = array_sum(array_map(fn ($line) => $line->Quantity, $order->Lines));
        return ['id' => "$order->Id/$class/{$order->Customer->Name}/" . json_encode($order->Note), 'pieces' => $pieces];
    }

    public function Transpose(array $rows): array
    {
        return $rows === [] ? [] : array_map(null, ...$rows);
    }

    public function GetProperties(string $sku): array
    {
        return ['sku' => $sku, 'weights' => [1, 2], 'none' => null, 'inner' => ['a' => 'b'], 7 => 'seven'];
    }
}

ini_set('soap.wsdl_cache_enabled', '0');
$server = new SoapServer(getenv('PEER_WSDL'), [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'classmap' => ['Company' => Company::class],
]);
$server->setClass(Warehouse::class);
$server->handle();
