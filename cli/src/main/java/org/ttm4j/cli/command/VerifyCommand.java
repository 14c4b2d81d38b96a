package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.Console;
import org.ttm4j.data.series.Printable;
import org.ttm4j.ttm.verification.Recording;

/** {@code ttm verify}: holds this implementation against recordings of the reference model. */
public final class VerifyCommand extends Command {

    /** A case's outcome. */
    private record Outcome(String name, List<Recording.Deviation> deviations, List<String> absent, String failure) {
        boolean good() {
            return failure == null && deviations.stream().allMatch(Recording.Deviation::within);
        }

        Recording.Deviation worst() {
            return Collections.max(deviations, Comparator.comparingDouble(Recording.Deviation::ofTolerance));
        }
    }

    public VerifyCommand() {
        super("verify", "DIR…", "compare with recordings of the reference model: outputs, gradients, training", """
                Each DIR is a case (config.json, model.safetensors, tensors.safetensors and, where they were
                recorded, gradients.safetensors and training.json) or a folder of cases. For each case, the largest
                deviation of every quantity is printed as a multiple of its tolerance; up to 1 is within tolerance.
                What a case must hold are the inputs and the forecast; the line names other tensors that it lacks.
                The exit code is 1 when a quantity is outside its tolerance or a case cannot be read.
                """);
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        List<Path> cases = new ArrayList<>();
        for (String operand : arguments.operands("a folder with a recorded case")) {
            cases.addAll(cases(console.path(operand)));
        }
        int width = cases.stream().mapToInt(folder -> name(folder).length()).max().orElse(0);
        List<Outcome> outcomes = new ArrayList<>();
        for (Path folder : cases) {
            Outcome outcome = verify(folder);
            outcomes.add(outcome);
            console.out().println(line(outcome, width));
            console.out().flush();
        }
        console.out().println(total(outcomes));
        return outcomes.stream().allMatch(Outcome::good) ? Command.OK : Command.FAILED;
    }

    /** The folder itself if it is a case, otherwise the cases in it. */
    private static List<Path> cases(Path folder) throws IOException {
        if (!Files.isDirectory(folder) || Files.exists(folder.resolve("config.json"))) return List.of(folder);
        try (Stream<Path> children = Files.list(folder)) {
            List<Path> cases = children.filter(child -> Files.exists(child.resolve("config.json"))).sorted().toList();
            return cases.isEmpty() ? List.of(folder) : cases;
        }
    }

    private static Outcome verify(Path folder) {
        List<String> absent = new ArrayList<>();
        try {
            return new Outcome(name(folder), Recording.verify(folder, absent::add), absent, null);
        } catch (IOException | RuntimeException e) {
            // Recorded tensors that do not fit the model can cause any runtime exception.
            String failure = e instanceof IOException ? e.getMessage() : e.toString();
            return new Outcome(name(folder), List.of(), List.of(), failure);
        }
    }

    private static String name(Path folder) {
        return Printable.of(String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    }

    private static String line(Outcome outcome, int width) {
        String name = String.format(Locale.ROOT, "%-" + Math.max(1, width) + "s  ", outcome.name);
        if (outcome.failure != null) return name + "UNREADABLE  " + Printable.of(outcome.failure);
        return name + (outcome.good() ? "ok          " : "DEVIATES    ")
                + outcome.deviations.stream().map(VerifyCommand::text).collect(Collectors.joining("  "))
                + (outcome.absent.isEmpty() ? "" : "  not recorded: " + String.join(", ", outcome.absent));
    }

    private static String text(Recording.Deviation deviation) {
        return deviation.what() + " " + String.format(Locale.ROOT, "%.2g", deviation.ofTolerance());
    }

    private static String total(List<Outcome> outcomes) {
        long good = outcomes.stream().filter(Outcome::good).count();
        String text = good + " of " + outcomes.size() + (outcomes.size() == 1 ? " case" : " cases")
                + " within tolerance";
        return outcomes.stream()
                .filter(outcome -> !outcome.deviations.isEmpty())
                .max(Comparator.comparingDouble(outcome -> outcome.worst().ofTolerance()))
                .map(of -> text + "; the largest deviation is " + text(of.worst()) + " of its tolerance (" + of.name
                        + ")")
                .orElse(text);
    }
}
