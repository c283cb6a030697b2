package dev.chrysalis.lab.ledger;

/// A row as perception returns it.
public record Rim(long id, String value) {}
