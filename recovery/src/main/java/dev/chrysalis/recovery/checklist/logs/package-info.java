/// Whether lines appear: the members' own output, and servers that gather it.
@NullMarked
package dev.chrysalis.recovery.checklist.logs;

import org.jspecify.annotations.NullMarked;
