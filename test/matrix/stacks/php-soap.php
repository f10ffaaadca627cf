<?php

/** Router script for `php -S`: PHP's own SoapServer behind `<cell>.wsdl`, the cell being the path. */
final class Matrix
{
    public function __construct(private string $style)
    {
    }

    public function Submit(mixed $input): mixed
    {
        $order = $this->style === 'wrapped' ? $input->order : $input;
        if ($order->customer === 'declared') {
            $detail = ['code' => 'R<1>', 'left' => 3];
            throw new SoapFault('Client', 'Not today', null, (object) $detail, 'Rejected');
        }
        if ($order->customer === 'undeclared') {
            throw new SoapFault('Server', 'Secret trouble with ' . $order->customer);
        }
        if ($order->customer === 'missing') {
            throw new SoapFault('NOT_FOUND', "no order {$order->id}");
        }
        $items = is_array($order->items) ? $order->items : ($order->items->item ?? []);
        $receipt = implode(';', array_map(
            fn ($item) => "{$item->quantity}x{$item->sku}",
            is_array($items) ? $items : [$items]
        ));
        return $this->style === 'rpcencoded' || $this->style === 'rpcliteral'
            ? ['receipt' => $receipt, 'order' => $order]
            : (object) ['receipt' => $receipt, 'order' => $order];
    }
}

$cell = trim(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/');
$wsdl = getenv('MATRIX_FOLDER') . "/$cell.wsdl";
if (!preg_match('/^[a-z0-9]+$/', $cell) || !is_file($wsdl)) {
    http_response_code(404);
    echo '<html><body>Not here</body></html>';
    return;
}
ini_set('soap.wsdl_cache_enabled', '0');
$server = new SoapServer($wsdl, ['soap_version' => str_ends_with($cell, '12') ? SOAP_1_2 : SOAP_1_1]);
$server->setObject(new Matrix(substr($cell, 0, -2)));
$server->handle();
