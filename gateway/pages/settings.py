"""What people change about themselves: their profile, their e-mail address, their password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gateway.callers import end_other_sessions, require_caller, services
from gateway.pages.forms import EmailForm, PasswordForm, ProfileForm
from gateway.pages.next_url import signed_in
from gateway.pages.page_form import explaining

settings = Blueprint("settings", __name__, url_prefix="/settings")


@settings.route("", methods=["GET", "POST"])
@signed_in
async def profile() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.is_submitted():
        form.process(obj=await services().users.by_id(require_caller().user_id))
    elif form.validate():
        with explaining(form):
            user = await services().users.update(require_caller().user_id, **form.values())
            flash("Saved.")
            return redirect(url_for("users.show", username=user.username), 303)
    return render_template("settings/profile.html", form=form), form.status


@settings.route("/email", methods=["GET", "POST"])
@signed_in
async def email() -> ResponseReturnValue:
    form = EmailForm()
    if not form.is_submitted():
        form.process(obj=await services().users.by_id(require_caller().user_id))
    elif form.validate():
        with explaining(form):
            await services().users.update(require_caller().user_id, **form.values())
            flash("Your e-mail address is changed.")
            return redirect(url_for(".email"), 303)
    return render_template("settings/email.html", form=form), form.status


@settings.route("/password", methods=["GET", "POST"])
@signed_in
async def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        with explaining(form):
            user = await services().users.update(require_caller().user_id, **form.values())
            end_other_sessions(user.id)
            flash("Your password is changed, and you are signed out everywhere else.")
            return redirect(url_for(".password"), 303)
    return render_template("settings/password.html", form=form), form.status
