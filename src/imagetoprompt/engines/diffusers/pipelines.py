"""Studio: one model with what belongs to it, kept loaded, as the pipeline that a job needs.

All pipelines of a model share its weights. It does not know pictures.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from imagetoprompt.engines.diffusers import loading, memory
from imagetoprompt.engines.diffusers.memory import MemoryPlan
from imagetoprompt.engines.diffusers.model_families import Family
from imagetoprompt.engines.diffusers.types import Network, Numbers, Pipe
from imagetoprompt.errors import RefusedError

# What these leave behind is not undone reliably, so that the model is loaded anew after them.
_LASTING: Final = frozenset({"group", "sequential"})


@dataclass(frozen=True)
class PipelineParts:
    """What a job needs of the pipeline: a mask, these kinds of control, and a style or none."""

    mask: bool = False
    controls: tuple[str, ...] = ()
    style: bool = False

    @property
    def kind(self) -> str:
        """The key of the class in Family.classes."""
        if self.controls:
            return "control-mask" if self.mask else "control"
        return "mask" if self.mask else "image"


@dataclass(eq=False)
class PipelineCache:
    """A model and its place. networks, adapter: what the user chose instead of the family's own."""

    model: str
    family: Family
    device: str
    dtype: Numbers
    networks: Mapping[str, str] = field(default_factory=dict)
    adapter: str = ""
    _pipe: Pipe = field(default=None, init=False)
    _fittings: PipelineParts = field(default_factory=PipelineParts, init=False)
    _rung: MemoryPlan | None = field(default=None, init=False)
    _controls: dict[str, Network] = field(default_factory=dict, init=False)
    _prior: Pipe = field(default=None, init=False)

    def check(self, fittings: PipelineParts) -> None:
        """RefusedError, before anything is loaded, when this model cannot do the job."""
        for kind in fittings.controls:
            self._network(kind)
        most, asked = self.family.together, len(fittings.controls)
        if asked > most:
            raise RefusedError(
                f"'{self.model}' ({self.family.name}) follows {most} control at a time, not "
                f"{asked}."
            )
        if fittings.kind not in self.family.classes:
            can = ", ".join(self.family.classes)
            raise RefusedError(
                f"'{self.model}' ({self.family.name}) cannot paint with {fittings.kind}; it can "
                f"with: {can}. Models of another family may: see docs/diffusers.md."
            )
        if fittings.style and not (self.adapter or self.family.style):
            raise RefusedError(
                f"'{self.model}' ({self.family.name}) cannot take the look of another picture; "
                "Stable Diffusion 1.5 and XL and FLUX.1 can."
            )

    def here(self) -> tuple[str, ...]:
        """The kinds of control whose network need not be downloaded first."""
        nets = {**self.family.controls, **self.networks}
        return tuple(kind for kind, net in nets.items() if kind != "class" and loading.is_here(net))

    def weight(self) -> int:
        """Bytes of the model's weights; it is loaded for that."""
        self._load(PipelineParts(mask="image" not in self.family.classes))
        return memory.model_bytes(self._pipe)

    def pipe(self, fittings: PipelineParts, rung: MemoryPlan) -> Pipe:
        """The pipeline for the job, placed as the rung says."""
        if rung != self._rung and self._rung is not None and self._rung.offload in _LASTING:
            self.close()
        if self._pipe is None or fittings != self._fittings or rung != self._rung:
            self._load(fittings)
            self._dress(fittings)
            memory.apply_memory_plan(self._pipe, self.device, rung)
            self._rung = rung
        return self._pipe

    @property
    def native(self) -> int:
        """The side in pixels of the square that the loaded model was trained on."""
        if self.family.native:
            return self.family.native
        return int(self._pipe.unet.config.sample_size * self._pipe.vae_scale_factor)

    def prior(self) -> Pipe:
        """The network that turns a picture into words for FLUX (Redux)."""
        if self._prior is None:
            name = self.adapter or self.family.style["model"]
            nothing = dict.fromkeys(("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2"))
            self._prior = loading.loaded("FluxPriorReduxPipeline", name, self.dtype, nothing)
        return self._prior.to(self.device)

    def close(self) -> None:
        """Let go of the weights."""
        self._pipe = self._rung = self._prior = None
        self._controls = {}
        self._fittings = PipelineParts()
        memory.free_memory(self.device)

    def rest(self) -> None:
        """After a painting that broke off: offloaded parts leave the device."""
        if self._pipe is not None:
            self._pipe.maybe_free_model_hooks()
        memory.free_memory(self.device)

    def _load(self, fittings: PipelineParts) -> None:
        class_name = self.family.classes[fittings.kind]
        same = type(self._pipe).__name__ == class_name
        if same and fittings.controls == self._fittings.controls:
            return
        parts = {"controlnet": self._nets(fittings.controls)} if fittings.controls else {}
        if self._pipe is None:
            self._pipe = loading.loaded(class_name, self.model, self.dtype, parts)
        else:
            import diffusers  # noqa: PLC0415

            self._pipe.remove_all_hooks()
            turned = getattr(diffusers, class_name).from_pipe
            self._pipe = turned(self._pipe, dtype=self.dtype, **parts)
        self._pipe.set_progress_bar_config(disable=True)
        self._check_channels(fittings)

    def _check_channels(self, fittings: PipelineParts) -> None:
        """Models of nine channels were trained to fill masks, and paint nothing else."""
        unet = getattr(self._pipe, "unet", None)
        if unet is not None and unet.config.in_channels == 9 and not fittings.mask:
            self.close()
            raise RefusedError(
                f"'{self.model}' only paints within a mask: give a mask, or another model."
            )

    def _dress(self, fittings: PipelineParts) -> None:
        if self.family.style.get("kind") == "ip-adapter":
            dressed = self._pipe.unet.config.encoder_hid_dim_type == "ip_image_proj"
            if fittings.style and not dressed:
                self._pipe.remove_all_hooks()
                loading.add_style(self._pipe, self.adapter or self.family.style["model"])
            elif dressed and not fittings.style:
                self._pipe.unload_ip_adapter()
        self._fittings = fittings

    def _nets(self, kinds: tuple[str, ...]) -> Pipe:
        class_name = self.family.controls.get("class", "ControlNetModel")
        for kind in kinds:
            if kind not in self._controls:
                net = loading.loaded(class_name, self._network(kind), self.dtype, {})
                self._controls[kind] = net
        nets = [self._controls[kind] for kind in kinds]
        return nets[0] if len(nets) == 1 else nets

    def _network(self, kind: str) -> str:
        known = {name: net for name, net in self.family.controls.items() if name != "class"}
        found = self.networks.get(kind) or known.get(kind)
        if found is None:
            can = ", ".join(known) or "none"
            raise RefusedError(
                f"No network keeps '{kind}' for '{self.model}' ({self.family.name}); there are: "
                f"{can}. Name one with controlnets={{'{kind}': …}}, or leave that control out."
            )
        return found
