/// HTTP to services and to servers that observe them: few bytes, little patience.
@NullMarked
package dev.chrysalis.recovery.checklist.http;

import org.jspecify.annotations.NullMarked;
