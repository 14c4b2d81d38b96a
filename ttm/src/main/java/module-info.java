/** The Tiny Time Mixer: configuration, model and checkpoints. */
module org.ttm4j.ttm {
    requires transitive org.ttm4j.engine;

    exports org.ttm4j.ttm;
    exports org.ttm4j.ttm.io;
}
