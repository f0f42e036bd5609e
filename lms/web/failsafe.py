"""The page for our own faults, made before anything can break: no person, no database, no catalogue."""

from flask import Flask, Response

from lms.web import assets

_WORDS = {
    False: (
        "Ada gangguan di pihak kami",
        "Halaman ini tidak dapat ditampilkan. Yang sudah tersimpan tetap aman. Coba lagi sebentar lagi; "
        "bila tetap terjadi, sampaikan nomor ini kepada admin:",
        "Ke halaman awal",
    ),
    True: (
        "Something broke on our side",
        "This page cannot be shown. What was saved is safe. Try again in a moment; "
        "if it happens again, give this number to the admin:",
        "To the first page",
    ),
}


def response(app: Flask, *, reference: str, prefers_english: bool) -> Response:
    """Return the 500 page with its reference number."""
    title, text, action = _WORDS[prefers_english]
    template = app.jinja_env.get_template("errors/failsafe.html")
    html = template.render(
        title=title,
        text=text,
        action=action,
        reference=reference,
        lang="en" if prefers_english else "id",
        stylesheet=assets.url("core.css"),
    )
    return Response(html, status=500, mimetype="text/html")
