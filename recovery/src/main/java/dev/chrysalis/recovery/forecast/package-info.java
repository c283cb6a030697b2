/// How long recoveries will take, by what runs of this stack have shown.
@NullMarked
package dev.chrysalis.recovery.forecast;

import org.jspecify.annotations.NullMarked;
