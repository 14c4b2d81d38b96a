package org.ttm4j.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.ttm4j.cli.console.Arguments;
import org.ttm4j.cli.console.CommandException;
import org.ttm4j.cli.console.Console;
import org.ttm4j.cli.console.Option;
import org.ttm4j.cli.console.OutputFile;
import org.ttm4j.data.corpus.CorpusBuilder.CorpusProgress;
import org.ttm4j.data.corpus.CorpusBuilder.CorpusReport;
import org.ttm4j.data.corpus.CorpusBuilder;

/** {@code ttm corpus}: makes the corpus that {@code ttm pretrain} reads. */
public final class CorpusCommand extends Command {
    private static final String DETAILS = """
            The manifest is a CSV with the columns role, dataset, file, resolution_seconds and licence. Only
            rows with the role pretrain are read. Names of files are relative to the folder of the manifest.
            Each file is a gzip CSV of numbers with the header time,A,B and a row for each step: the times are not
            read. To continue after an interruption, run the same command again.
            """;

    public CorpusCommand() {
        super("corpus", "MANIFEST.csv --out FILE", "make a corpus to pre-train on from the files that a manifest names",
                DETAILS);
    }

    @Override
    public List<Option> options() {
        return List
                .of(new Option("--out", "FILE", "the corpus; FILE.report.csv says what was kept and dropped, and why"));
    }

    @Override
    public int run(Arguments arguments, Console console) throws IOException {
        Path manifest = console.path(arguments.operand("a manifest"));
        Path corpus = console.path(arguments.required("--out", "FILE"));
        OutputFile.requireOther(corpus, manifest, "--out");
        if (Files.isDirectory(corpus)) throw new CommandException(corpus + ": cannot be written: it is a folder");
        int threads = Runtime.getRuntime().availableProcessors();
        CorpusReport report = CorpusBuilder.build(manifest, corpus, threads, done -> say(done, console));
        CorpusReport.Row total = report.total();
        console.say(String.format(Locale.ROOT,
                "wrote %s: %,d series of %,d data sets, %,d of %,d observations (what was dropped: %s.report.csv)",
                corpus, total.series(), report.datasets().size(), total.tally().kept(), total.tally().read(),
                corpus.getFileName()));
        return Command.OK;
    }

    private static void say(CorpusProgress progress, Console console) {
        if (progress.filesDone() % 20 != 0 && progress.filesDone() != progress.files()) return;
        console.say(String.format(Locale.ROOT, "%d of %d files, %,d series, %,d observations, %d s left",
                progress.filesDone(), progress.files(), progress.series(), progress.observations(),
                progress.remaining().toSeconds()));
    }
}
