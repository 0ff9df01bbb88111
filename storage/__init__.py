"""The durable state: SQLModel tables, one transaction a batch, migrations."""
