/// Where a vault's objects lie: the narrow interface that every object store implements.
@NullMarked
package dev.chrysalis.vault.backend;

import org.jspecify.annotations.NullMarked;
