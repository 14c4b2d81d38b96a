/**
 * Checkpoint files as the published ones are laid out. Start with {@link org.ttm4j.ttm.io.Checkpoint}, a folder of
 * {@code config.json} and {@code model.safetensors}. Every file counts as untrusted: whatever its bytes are, reading
 * ends in a value or a {@link org.ttm4j.ttm.io.CheckpointException}.
 */
package org.ttm4j.ttm.io;
