package dev.chrysalis.lab.ledger;

/// Something that a service keeps, as it returns it.
public record Item(long id, String value) {}
