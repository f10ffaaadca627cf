#!/usr/bin/perl
# SOAP::Lite as a server of rpc/encoded. It has no WSDL: the service says the types that Perl's values do not show.
use strict;
use warnings;
use HTTP::Daemon;
use SOAP::Lite;
use SOAP::Transport::HTTP;

# It refuses what has a simple type that it does not know, the enumerations of every schema among them.
package Lenient;
our @ISA = ('SOAP::Deserializer');

sub typecast {
    my ( $self, $value, $name, $attributes, $children, $type ) = @_;
    return !$children && ( $type // '' ) =~ /^\{urn:matrix\}/ ? $value : undef;
}

package Matrix;

my %type = (
    id     => 'long',     customer => 'string',       placed => 'dateTime', express  => 'boolean',
    weight => 'double',   payload  => 'base64Binary', note   => 'string',   discount => 'decimal',
    sku    => 'string',   quantity => 'int',          price  => 'decimal',
);

sub of_type { return { 'xmlns:m' => 'urn:matrix', 'xsi:type' => "m:$_[0]" } }
sub typed { my ( $name, $value ) = @_; return SOAP::Data->name($name)->type( $type{$name} )->value($value) }

sub item {
    my ($item) = @_;
    return SOAP::Data->name('item')->attr(  of_type('Item')  )
      ->value( \SOAP::Data->value( map { typed( $_, $item->{$_} ) } qw(sku quantity price) ) );
}

sub Submit {
    my ( $class, $order ) = @_;
    if ( $order->{customer} eq 'declared' ) {
        my @detail = ( SOAP::Data->name( code => 'R<1>' )->type('string'), SOAP::Data->name( left => 3 ) );
        die SOAP::Fault->faultcode('Client')->faultstring('Not today')
          ->faultdetail( SOAP::Data->name('Rejected')->value( \SOAP::Data->value(@detail) ) );
    }
    die "Secret trouble with $order->{customer}\n" if $order->{customer} eq 'undeclared';
    die SOAP::Fault->faultcode('Client.NotFound')->faultstring('no such order')->faultdetail( { id => $order->{id} } )
      if $order->{customer} eq 'missing';
    my @items = @{ $order->{items} || [] };
    my $receipt = join ';', map { "$_->{quantity}x$_->{sku}" } @items;
    my @known = grep { exists $order->{$_} } qw(id customer placed express weight payload note discount);
    my @parts = map { typed( $_, $order->{$_} ) } @known;
    push @parts, SOAP::Data->name('color')->attr(  of_type('Color')  )->value( $order->{color} );
    push @parts, SOAP::Data->name('items')->value( [ map { item($_) } @items ] );
    return ( SOAP::Data->name( receipt => $receipt )->type('string'),
        SOAP::Data->name('order')->attr(  of_type('Order')  )->value( \SOAP::Data->value(@parts) ) );
}

package main;

my $soap = SOAP::Transport::HTTP::Server->new->dispatch_with( { 'urn:matrix' => 'Matrix' } )->deserializer( Lenient->new );
my $daemon = HTTP::Daemon->new( LocalAddr => '127.0.0.1', LocalPort => 0 ) or die $!;
$| = 1;
print 'ready on ', $daemon->sockport, "\n";
while ( my $client = $daemon->accept ) {
    if ( my $request = $client->get_request ) {
        $soap->request($request);
        $soap->handle;
        $client->force_last_request;
        $client->send_response( $soap->response );
    }
    $client->close;
}
