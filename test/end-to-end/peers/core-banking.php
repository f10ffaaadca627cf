<?php

/**
 * Router script for `php -S`: PHP's own SoapServer behind the WSDL that the environment names. It keeps nothing;
 * an ordered payment comes back as PHP understood it.
 */
final class CoreBanking
{
    public function GetAccount(object $input): array
    {
        if ($input->AccountId !== 'AC-00000101') {
            throw new SoapFault('Client', 'There is no such account', null, [
                'Code' => 'AC01',
                'Text' => 'Kein Konto & <nichts>',
                'AccountId' => $input->AccountId,
            ], 'AccountNotFoundFault');
        }
        return ['Account' => [
            'AccountId' => $input->AccountId,
            'Identification' => ['IBAN' => 'XK051212012345678906', 'BIC' => 'FERNXK22'],
            'AccountType' => 'CURRENT',
            'Currency' => 'EUR',
            'Nickname' => 'Täglich & <mehr>',
            'Status' => 'OPEN',
            'OpenedOn' => '2019-04-23',
            'ClosedOn' => null,
            'OverdraftLimit' => ['_' => '500.00', 'Ccy' => 'EUR'],
            'InterestRate' => '-0.50',
            'Holders' => ['AccountHolder' => [['CustomerId' => 'C000000101', 'Role' => 'OWNER']]],
        ]];
    }

    public function ListAccounts(object $input): array
    {
        return ['Accounts' => []];
    }

    public function InitiatePayment(object $input): array
    {
        return ['Payment' => [
            'PaymentId' => 'PMT-0000000007',
            'Status' => 'PDNG',
            'StatusReason' => null,
            'ReceivedAt' => '2026-11-05T23:59:59.9-11:30',
            'SettledAt' => null,
            'SequenceNumber' => '9223372036854775807',
            'Instruction' => $input->Instruction,
        ]];
    }
}

ini_set('soap.wsdl_cache_enabled', '0');
ini_set('serialize_precision', '-1');
$server = new SoapServer(getenv('PEER_WSDL'), [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
]);
$server->setClass(CoreBanking::class);
$server->handle();
