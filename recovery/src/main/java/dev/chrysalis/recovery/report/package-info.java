/// What a run did, measured against its objectives: for machines and for people.
@NullMarked
package dev.chrysalis.recovery.report;

import org.jspecify.annotations.NullMarked;
