"""`parley` with a Cloud line whose provider sends each webhook once, as Sobot and Interakt do."""

from adapters.cloud import capabilities

capabilities.CAPABILITIES = capabilities.CAPABILITIES.model_copy(update={"redelivers": False})

if __name__ == "__main__":
    from cli.main import main  # only now: the adapter takes the capabilities when it is imported

    main()
