"""The command ``coopet``: one module per subcommand, loaded when it is used."""
