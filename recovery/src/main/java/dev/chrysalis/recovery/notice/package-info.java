/// Tells stakeholders about runs, without ever holding one up.
@NullMarked
package dev.chrysalis.recovery.notice;

import org.jspecify.annotations.NullMarked;
