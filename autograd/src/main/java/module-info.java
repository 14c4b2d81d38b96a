/** A small reverse-mode automatic differentiation engine: tensors, operations, layers, optimisers. */
module org.ttm4j.autograd {
    requires transitive org.ttm4j.engine;

    exports org.ttm4j.autograd;
    exports org.ttm4j.autograd.op;
    exports org.ttm4j.autograd.nn;
    exports org.ttm4j.autograd.optim;
}
