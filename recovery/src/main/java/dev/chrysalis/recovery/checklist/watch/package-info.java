/// The services' members, watched for a short while: what they count, and what they print.
@NullMarked
package dev.chrysalis.recovery.checklist.watch;

import org.jspecify.annotations.NullMarked;
