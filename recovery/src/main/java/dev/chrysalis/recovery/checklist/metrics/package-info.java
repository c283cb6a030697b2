/// Whether metrics flow: the members' own pages, and Prometheus.
@NullMarked
package dev.chrysalis.recovery.checklist.metrics;

import org.jspecify.annotations.NullMarked;
