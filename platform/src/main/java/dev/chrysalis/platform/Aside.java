package dev.chrysalis.platform;

import dev.chrysalis.model.MemberId;
import java.time.Instant;

/// A volume that was set aside.
public record Aside(MemberId member, String name, Instant at, long bytes) {}
