/** Tiny Time Mixers: the model, its checkpoints and its training. */
@SuppressWarnings("module") // Qualified exports name modules that are compiled after this one.
module org.ttm4j.ttm {
    requires transitive org.ttm4j.autograd;

    exports org.ttm4j.ttm;
    exports org.ttm4j.ttm.config;
    exports org.ttm4j.ttm.inspect;
    exports org.ttm4j.ttm.io;
    exports org.ttm4j.ttm.model;
    exports org.ttm4j.ttm.run to org.ttm4j.forecast;
    exports org.ttm4j.ttm.series;
    exports org.ttm4j.ttm.train;
    exports org.ttm4j.ttm.verification to org.ttm4j.cli;
}
