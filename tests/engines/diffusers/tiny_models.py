"""Models of random weights, a few hundred thousand numbers each, written to a folder: no network.

They paint nothing worth seeing, but run through the same code as those that do.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def clip_tokenizer() -> Any:
    """A CLIP tokenizer that knows each byte, with and without the mark of a word's end."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(others))]
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    vocabulary = {word: i for i, word in enumerate([*words, "<|startoftext|>", "<|endoftext|>"])}
    return transformers.CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=77)


def t5_tokenizer() -> Any:
    """A tokenizer in the manner of T5: one letter is one token."""
    letters = [("▁", -2.0), *((chr(code), -5.0) for code in range(33, 127))]
    whole = Tokenizer(
        models.Unigram([("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *letters], unk_id=2)
    )
    whole.pre_tokenizer, whole.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    whole.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    names = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    return transformers.PreTrainedTokenizerFast(tokenizer_object=whole, **names)


def clip(tokenizer: Any, kind: str = "CLIPTextModel") -> Any:
    """A text encoder 32 wide."""
    config = transformers.CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        projection_dim=32,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return getattr(transformers, kind)(config).eval()


def t5(tokenizer: Any, width: int = 32) -> Any:
    """A text encoder in the manner of T5."""
    config = transformers.T5Config(
        vocab_size=len(tokenizer), d_model=width, d_kv=8, d_ff=64, num_layers=1, num_heads=4
    )
    return transformers.T5EncoderModel(config).eval()


def vae(latents: int = 4, **settings: object) -> Any:
    """An autoencoder of four levels, so that its latents are an eighth of the picture."""
    return diffusers.AutoencoderKL(
        latent_channels=latents,
        sample_size=64,
        norm_num_groups=4,
        layers_per_block=1,
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        **settings,
    ).eval()


def unet(**settings: object) -> Any:
    """A U-Net of two levels, for squares of 64 pixels."""
    usual = {
        "sample_size": 8,
        "in_channels": 4,
        "out_channels": 4,
        "layers_per_block": 1,
        "norm_num_groups": 8,
        "block_out_channels": (32, 64),
        "cross_attention_dim": 32,
        "attention_head_dim": 8,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    }
    return diffusers.UNet2DConditionModel(**{**usual, **settings}).eval()


def sd(**settings: object) -> Any:
    """Stable Diffusion 1."""
    tokenizer = clip_tokenizer()
    return diffusers.StableDiffusionPipeline(
        vae=vae(),
        text_encoder=clip(tokenizer),
        tokenizer=tokenizer,
        unet=unet(**settings),
        scheduler=diffusers.DDIMScheduler(
            clip_sample=False, set_alpha_to_one=False, steps_offset=1, **BETAS
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sd_inpaint() -> Any:
    """Stable Diffusion 1 with the nine channels of a model for inpainting."""
    parts = {**sd(in_channels=9).components, "requires_safety_checker": False}
    return diffusers.StableDiffusionInpaintPipeline(**parts)


def sdxl() -> Any:
    """Stable Diffusion XL with its two encoders."""
    tokenizer = clip_tokenizer()
    return diffusers.StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=clip(tokenizer),
        text_encoder_2=clip(tokenizer, "CLIPTextModelWithProjection"),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=unet(
            cross_attention_dim=64,
            attention_head_dim=(2, 4),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=6 * 8 + 32,
        ),
        scheduler=diffusers.EulerDiscreteScheduler(
            steps_offset=1, timestep_spacing="leading", **BETAS
        ),
        add_watermarker=False,
    )


def upscaler() -> Any:
    """Stable Diffusion's upscaler, four times as large; its latents are as large as the picture."""
    tokenizer = clip_tokenizer()
    large = diffusers.AutoencoderKL(
        latent_channels=4,
        norm_num_groups=4,
        block_out_channels=(8, 8, 16),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
    )
    return diffusers.StableDiffusionUpscalePipeline(
        vae=large.eval(),
        text_encoder=clip(tokenizer),
        tokenizer=tokenizer,
        unet=unet(in_channels=7, num_class_embeds=1000),
        low_res_scheduler=diffusers.DDPMScheduler(),
        scheduler=diffusers.DDIMScheduler(prediction_type="v_prediction"),
        max_noise_level=350,
    )


def flux(kind: str = "FluxPipeline", channels: int = 16) -> Any:
    """FLUX.1, or its kinds for editing and filling."""
    tokenizer, letters = clip_tokenizer(), t5_tokenizer()
    return getattr(diffusers, kind)(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        text_encoder=clip(tokenizer),
        text_encoder_2=t5(letters),
        tokenizer=tokenizer,
        tokenizer_2=letters,
        transformer=diffusers.FluxTransformer2DModel(
            patch_size=1,
            in_channels=channels,
            out_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=32,
            pooled_projection_dim=32,
            axes_dims_rope=(4, 4, 8),
            guidance_embeds=True,
        ).eval(),
        vae=vae(
            use_quant_conv=False,
            use_post_quant_conv=False,
            shift_factor=0.06,
            scaling_factor=1.5,
        ),
    )


def sd3() -> Any:
    """Stable Diffusion 3 with its three encoders."""
    tokenizer, letters = clip_tokenizer(), t5_tokenizer()
    return diffusers.StableDiffusion3Pipeline(
        transformer=diffusers.SD3Transformer2DModel(
            sample_size=8,
            patch_size=1,
            in_channels=16,
            out_channels=16,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=4,
            caption_projection_dim=32,
            joint_attention_dim=64,
            pooled_projection_dim=64,
        ).eval(),
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=vae(
            16,
            use_quant_conv=False,
            use_post_quant_conv=False,
            shift_factor=0.06,
            scaling_factor=1.5,
        ),
        text_encoder=clip(tokenizer, "CLIPTextModelWithProjection"),
        tokenizer=tokenizer,
        text_encoder_2=clip(tokenizer, "CLIPTextModelWithProjection"),
        tokenizer_2=tokenizer,
        text_encoder_3=t5(letters, 64),
        tokenizer_3=letters,
    )


def kontext() -> Any:
    """FLUX.1 Kontext."""
    return flux("FluxKontextPipeline")


def fill() -> Any:
    """FLUX.1 Fill: 16 channels of noise, 16 of the picture and 256 of the mask."""
    return flux("FluxFillPipeline", 288)


def redux() -> Any:
    """The part of FLUX.1 Redux that turns a picture into words."""
    vision = transformers.SiglipVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=1,
        num_attention_heads=4,
        image_size=32,
        patch_size=16,
    )
    return diffusers.FluxPriorReduxPipeline(
        image_encoder=transformers.SiglipVisionModel(vision).eval(),
        feature_extractor=transformers.SiglipImageProcessor(size={"height": 32, "width": 32}),
        image_embedder=diffusers.pipelines.flux.modeling_flux.ReduxImageEncoder(32, 32).eval(),
    )


def controlnet() -> Any:
    """A ControlNet for `sd`."""
    return diffusers.ControlNetModel.from_unet(unet(), conditioning_channels=3)


def flux_controlnet() -> Any:
    """A ControlNet for `flux`."""
    return diffusers.FluxControlNetModel.from_transformer(
        flux().transformer,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
    )


def ip_adapter(folder: Path) -> Path:
    """Write an IP-Adapter for `sd`, and beside it the encoder that sees the style; its file."""
    torch.manual_seed(0)
    config = transformers.CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=32,
        patch_size=8,
        projection_dim=32,
    )
    transformers.CLIPVisionModelWithProjection(config).save_pretrained(folder / "image_encoder")
    weights = {
        "image_proj.proj.weight": torch.randn(4 * 32, 32),
        "image_proj.proj.bias": torch.zeros(4 * 32),
        "image_proj.norm.weight": torch.ones(32),
        "image_proj.norm.bias": torch.zeros(32),
    }
    attending = [name for name in unet().attn_processors if name.endswith("attn2.processor")]
    for i, name in enumerate(attending):
        width = unet().get_submodule(name.removesuffix(".processor")).to_k.out_features
        for part in ("to_k_ip", "to_v_ip"):
            weights[f"ip_adapter.{2 * i + 1}.{part}.weight"] = torch.randn(width, 32)
    save_file(weights, folder / "adapter.safetensors")
    return folder / "adapter.safetensors"


def written(make: Callable[[], Any], folder: Path) -> str:
    """The folder, with what `make` makes in it; the same every time."""
    torch.manual_seed(0)
    made = make()
    with torch.no_grad():
        for part in getattr(made, "components", {"net": made}).values():
            _enlivened(part)
    made.save_pretrained(folder)
    return str(folder)


def _enlivened(part: Any) -> None:
    """ControlNets begin at zero, so that they would change nothing."""
    if isinstance(part, diffusers.ControlNetModel | diffusers.FluxControlNetModel):
        for weight in part.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
