"""The user of this project: an organisation, known by its RSIN."""

from digid_eherkenning.managers import BaseeHerkenningManager
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class OrganisationManager(BaseeHerkenningManager):
    """What the library's backend asks of a project: find a user by RSIN, or make one."""

    def get_by_rsin(self, rsin: str) -> "User":
        """Raises `User.DoesNotExist`."""
        return self.get(rsin=rsin)

    def eherkenning_create(self, rsin: str, **fields: object) -> "User":
        """A user who can only log in with eHerkenning."""
        user = self.model(rsin=rsin, **fields)
        user.set_unusable_password()
        user.save()
        return user


class User(AbstractBaseUser):
    """An organisation that has logged in."""

    rsin = models.CharField(max_length=9, unique=True)

    USERNAME_FIELD = "rsin"

    objects = models.Manager()
    eherkenning_objects = OrganisationManager()
