/// What must hold after any recovery, checked, with the evidence.
@NullMarked
package dev.chrysalis.recovery.checklist;

import org.jspecify.annotations.NullMarked;
