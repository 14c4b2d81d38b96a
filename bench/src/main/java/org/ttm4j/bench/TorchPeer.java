package org.ttm4j.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ttm4j.ttm.io.Json;

/** PyTorch's training step of the same model on one thread, in a process of its own. */
record TorchPeer(String python, Path script) {
    /** The system's own Python first: that is the one that packages such as python3-torch belong to. */
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    /** The peer, or null, with the reason to {@code log}, where the script or a Python with PyTorch is absent. */
    static TorchPeer find(Path sharedFolder, Consumer<String> log) throws InterruptedException {
        Path script = sharedFolder.resolve("peer/ttm_torch.py");
        if (!Files.isRegularFile(script)) {
            log.accept("PyTorch is skipped: no " + script);
            return null;
        }
        for (String python : PYTHONS) {
            try {
                output(python, "-c", "import torch, safetensors");
                return new TorchPeer(python, script);
            } catch (IOException e) {
                log.accept("no PyTorch: " + e.getMessage());
            }
        }
        log.accept(
                "PyTorch is skipped: it takes the packages python3-torch, python3-safetensors, libopenblas0-pthread");
        return null;
    }

    /** The time that the script reports: the median of a dozen steps. */
    record Training(String version, double windowsPerSecond) {}

    /** Training steps with this many one-channel windows each. */
    Training train(int batch) throws IOException, InterruptedException {
        String text = output(python, script.toString(), "train", "--batch", Integer.toString(batch), "--channels", "1");
        Map<String, Object> json = Json.parseObject(text.getBytes(StandardCharsets.UTF_8), script.toString());
        Object rate = json.get("windows_per_s");
        if (!(rate instanceof Number)) throw new IOException(script + ": no number windows_per_s in " + text);
        return new Training(String.valueOf(json.get("peer")), ((Number) rate).doubleValue());
    }

    private static String output(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", "1");
        // Not beside the script, which may be in a folder that is not ours.
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        return Machine.output(builder);
    }
}
