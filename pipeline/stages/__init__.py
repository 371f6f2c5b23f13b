"""The stages, in the order in which a document passes them: decode, chrome, unwrap, columns, link, emit."""
