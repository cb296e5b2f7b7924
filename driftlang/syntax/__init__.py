"""Syntax: text → tree → ast, with recovery behind mistakes. The one package that knows lark."""
