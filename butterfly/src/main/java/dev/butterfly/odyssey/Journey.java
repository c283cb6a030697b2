package dev.butterfly.odyssey;

/// What odyssey keeps.
public record Journey(long id, String value) {}
