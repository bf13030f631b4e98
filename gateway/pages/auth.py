"""Coming and going: register, sign in, sign out."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gateway.callers import services, sign_in, sign_out
from gateway.pages.forms import ConfirmForm, LoginForm, RegisterForm
from gateway.pages.next_url import next_url
from gateway.pages.page_form import explaining

auth = Blueprint("auth", __name__, url_prefix="/auth")


@auth.route("/register", methods=["GET", "POST"])
async def register() -> ResponseReturnValue:
    form = RegisterForm()
    if form.validate_on_submit():
        with explaining(form):
            user = await services().users.register(**form.values())
            sign_in(user)
            flash(f"Welcome, {user.username}!")
            return redirect(next_url(), 303)
    return render_template("auth/register.html", form=form), form.status


@auth.route("/login", methods=["GET", "POST"])
async def login() -> ResponseReturnValue:
    form = LoginForm()
    if form.validate_on_submit():
        with explaining(form):
            user = await services().users.authenticate(**form.values())
            sign_in(user)
            flash(f"Welcome back, {user.display_name or user.username}!")
            return redirect(next_url(), 303)
    return render_template("auth/login.html", form=form), form.status


@auth.route("/logout", methods=["GET", "POST"])
async def logout() -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        sign_out()
        flash("You are signed out.")
        return redirect(url_for("site.newest"), 303)
    return render_template("auth/logout.html", form=form), form.status
