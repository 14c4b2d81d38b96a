/** Tiny Time Mixers: forecasting, the model, its checkpoints and its training. */
module org.ttm4j.ttm {
    requires transitive org.ttm4j.autograd;

    exports org.ttm4j.ttm;
    exports org.ttm4j.ttm.interval;
    exports org.ttm4j.ttm.io;
    exports org.ttm4j.ttm.layer;
    exports org.ttm4j.ttm.stream;
    exports org.ttm4j.ttm.train;
}
