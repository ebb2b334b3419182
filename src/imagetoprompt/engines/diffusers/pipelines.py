"""PipelineCache: one loaded model, as the pipeline class that a job needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from imagetoprompt.engines.diffusers import loading, memory
from imagetoprompt.engines.diffusers.memory import MemoryPlan
from imagetoprompt.engines.diffusers.model_families import Family
from imagetoprompt.errors import RefusedError

# These offloads cannot be undone reliably: the model is loaded anew after them.
_IRREVERSIBLE_OFFLOADS: Final = frozenset({"group", "sequential"})


@dataclass(frozen=True)
class PipelineParts:
    """What a job needs of the pipeline: a mask, kinds of control, a style."""

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
    """A loaded model. networks (ControlNet by kind) and adapter (style model) override defaults."""

    model: str
    family: Family
    device: str
    dtype: Any
    networks: Mapping[str, str] = field(default_factory=dict)
    adapter: str = ""
    _pipe: Any = field(default=None, init=False)
    _loaded_parts: PipelineParts = field(default_factory=PipelineParts, init=False)
    _memory_plan: MemoryPlan | None = field(default=None, init=False)
    _controls: dict[str, Any] = field(default_factory=dict, init=False)
    _prior: Any = field(default=None, init=False)

    def check(self, required_parts: PipelineParts) -> None:
        """RefusedError, before anything is loaded, when this model cannot do the job."""
        for kind in required_parts.controls:
            self._network_name(kind)
        limit, requested = self.family.together, len(required_parts.controls)
        if requested > limit:
            raise RefusedError(
                f"'{self.model}' ({self.family.name}) follows at most {limit} control at a "
                f"time, not {requested}."
            )
        if required_parts.kind not in self.family.classes:
            possible = ", ".join(self.family.classes)
            raise RefusedError(
                f"'{self.model}' ({self.family.name}) cannot paint with {required_parts.kind}; it "
                f"can with: {possible}. Models of other families may: see docs/diffusers.md."
            )
        if required_parts.style and not (self.adapter or self.family.style):
            raise RefusedError(
                f"'{self.model}' ({self.family.name}) cannot take the style of another picture; "
                "Stable Diffusion 1.5 and XL and FLUX.1 can."
            )

    def available(self) -> tuple[str, ...]:
        """Kinds of control whose network is on this machine."""
        nets = {**self.family.controls, **self.networks}
        return tuple(
            kind for kind, net in nets.items() if kind != "class" and loading.is_available(net)
        )

    def weight(self) -> int:
        """Bytes of the model's weights; loads the model."""
        self._load(PipelineParts(mask="image" not in self.family.classes))
        return memory.model_bytes(self._pipe)

    def pipe(self, required_parts: PipelineParts, memory_plan: MemoryPlan) -> Any:
        """The pipeline with the required parts, placed as the memory plan says."""
        if (
            memory_plan != self._memory_plan
            and self._memory_plan is not None
            and self._memory_plan.offload in _IRREVERSIBLE_OFFLOADS
        ):
            self.close()
        if (
            self._pipe is None
            or required_parts != self._loaded_parts
            or memory_plan != self._memory_plan
        ):
            self._load(required_parts)
            self._set_style_adapter(required_parts)
            memory.apply_memory_plan(self._pipe, self.device, memory_plan)
            self._memory_plan = memory_plan
        return self._pipe

    @property
    def native(self) -> int:
        """The side in pixels of the square that the loaded model was trained on."""
        if self.family.native:
            return self.family.native
        return int(self._pipe.unet.config.sample_size * self._pipe.vae_scale_factor)

    def prior(self) -> Any:
        """The network that turns a picture into prompt embeddings for FLUX (Redux)."""
        if self._prior is None:
            name = self.adapter or self.family.style["model"]
            unused_parts = dict.fromkeys(
                ("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2")
            )
            self._prior = loading.load_component(
                "FluxPriorReduxPipeline", name, self.dtype, unused_parts
            )
        return self._prior.to(self.device)

    def close(self) -> None:
        """Release the weights."""
        self._pipe = self._memory_plan = self._prior = None
        self._controls = {}
        self._loaded_parts = PipelineParts()
        memory.free_memory(self.device)

    def free_hooks(self) -> None:
        """Move offloaded parts off the device, also after a run that was aborted."""
        if self._pipe is not None:
            self._pipe.maybe_free_model_hooks()
        memory.free_memory(self.device)

    def _load(self, required_parts: PipelineParts) -> None:
        class_name = self.family.classes[required_parts.kind]
        same = type(self._pipe).__name__ == class_name
        if same and required_parts.controls == self._loaded_parts.controls:
            return
        parts = (
            {"controlnet": self._control_networks(required_parts.controls)}
            if required_parts.controls
            else {}
        )
        if self._pipe is None:
            self._pipe = loading.load_component(class_name, self.model, self.dtype, parts)
        else:
            import diffusers  # noqa: PLC0415

            self._pipe.remove_all_hooks()
            converted = getattr(diffusers, class_name).from_pipe
            self._pipe = converted(self._pipe, dtype=self.dtype, **parts)
        self._pipe.set_progress_bar_config(disable=True)
        self._check_channels(required_parts)

    def _check_channels(self, required_parts: PipelineParts) -> None:
        """RefusedError for an inpainting model, with nine input channels, without a mask."""
        unet = getattr(self._pipe, "unet", None)
        if unet is not None and unet.config.in_channels == 9 and not required_parts.mask:
            self.close()
            raise RefusedError(
                f"'{self.model}' only paints within a mask: give a mask, or another model."
            )

    def _set_style_adapter(self, required_parts: PipelineParts) -> None:
        if self.family.style.get("kind") == "ip-adapter":
            has_adapter = self._pipe.unet.config.encoder_hid_dim_type == "ip_image_proj"
            if required_parts.style and not has_adapter:
                self._pipe.remove_all_hooks()
                loading.add_style(self._pipe, self.adapter or self.family.style["model"])
            elif has_adapter and not required_parts.style:
                self._pipe.unload_ip_adapter()
        self._loaded_parts = required_parts

    def _control_networks(self, kinds: tuple[str, ...]) -> Any:
        class_name = self.family.controls.get("class", "ControlNetModel")
        for kind in kinds:
            if kind not in self._controls:
                net = loading.load_component(class_name, self._network_name(kind), self.dtype, {})
                self._controls[kind] = net
        nets = [self._controls[kind] for kind in kinds]
        return nets[0] if len(nets) == 1 else nets

    def _network_name(self, kind: str) -> str:
        known = {name: net for name, net in self.family.controls.items() if name != "class"}
        network = self.networks.get(kind) or known.get(kind)
        if network is None:
            available = ", ".join(known) or "none"
            raise RefusedError(
                f"There is no network for the control '{kind}' of '{self.model}' "
                f"({self.family.name}); there are networks for: {available}. Name one with "
                f"controlnets={{'{kind}': …}}, or leave that control out."
            )
        return network
