@NullMarked
package dev.chrysalis.platform.job;

import org.jspecify.annotations.NullMarked;
