"""Run the steps on the connection that `leitweg.store.application.migrating` hands over."""

from alembic import context

from leitweg.store.application.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # the caller holds one transaction around everything
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
