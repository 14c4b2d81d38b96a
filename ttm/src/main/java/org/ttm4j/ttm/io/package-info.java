/**
 * Checkpoint files in the published format. Start with {@link org.ttm4j.ttm.io.Checkpoint}, a folder of
 * {@code config.json} and {@code model.safetensors}. Files are untrusted: whatever their bytes are, reading returns a
 * value or throws a {@link org.ttm4j.ttm.io.CheckpointException}.
 */
package org.ttm4j.ttm.io;
