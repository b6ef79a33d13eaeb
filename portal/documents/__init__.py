"""Papers of consignments as PDF: waybill, label, packing list, delivery note; one or many."""
