/// Assess, plan, run, verify, report.
@NullMarked
package dev.chrysalis.recovery;

import org.jspecify.annotations.NullMarked;
