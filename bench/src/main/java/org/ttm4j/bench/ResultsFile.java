package org.ttm4j.bench;

/** The text of {@code bench/target/RESULTS.md}: the machine, the ratios, and every JMH benchmark. */
final class ResultsFile {
    private ResultsFile() {}

    /**
     * The text.
     *
     * @param chosen JMH's table on the kernels that a JVM chooses
     * @param scalar the same on the scalar ones
     */
    static String text(Machine machine, Comparison.Outcome outcome, String chosen, String scalar) {
        StringBuilder text = new StringBuilder("# Measured speed\n\nWritten by `bin/bench --full`.\n\n");
        text.append(new MarkdownTable("machine", machine.processor()).row("cores", Integer.toString(machine.cores()))
                .row("load average at the start", machine.loadText())
                .row("Java", machine.jdk())
                .row("flags", "`" + machine.flags() + "`")
                .row("kernels", machine.kernels())
                .row("peers", outcome.peers().isEmpty() ? "none" : String.join(", ", outcome.peers()))
                .row("commit", machine.commit())
                .row("date", machine.date()));
        if (machine.busy()) {
            text.append("\n**The machine was busy when this was measured: the numbers are too low to be quoted.**\n");
        }
        return text.append(
                "\n## Against other libraries\n\nSame run, same checkpoint, same series, measured in turns.\n\n")
                .append(Report.markdown(outcome))
                .append("\n## Kernels and the whole model\n\nA product is rows × inner by inner × columns for each series, as `")
                .append(Product.class.getSimpleName())
                .append("` lists them; a task `fma` is ")
                .append(FmaPeak.flops())
                .append(" operations at the peak of one core. On the kernels that a JVM chooses:\n\n```\n")
                .append(chosen)
                .append("```\n\nOn the scalar ones:\n\n```\n")
                .append(scalar)
                .append("```\n")
                .toString();
    }
}
