/// The program beside a member: it packs the stores' near-data halves and runs their jobs.
@NullMarked
package dev.chrysalis.agent;

import org.jspecify.annotations.NullMarked;
