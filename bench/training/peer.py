"""The peer of `npm run bench -- training`: transformers and PEFT as a user runs them, one step at a time.

Reads JSON lines: first the order, then one batch a line; answers each with its loss, its time and the peak of memory.
"""

import json
import os
import resource
import sys
import time

import peft
import torch
import transformers
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def say(value):
    print(json.dumps(value), flush=True)


order = json.loads(sys.stdin.readline())
torch.set_num_threads(order["threads"])
torch.manual_seed(1)
model = AutoModelForCausalLM.from_pretrained(
    order["folder"], dtype=getattr(torch, order["dtype"]), attn_implementation="sdpa"
)
model.config.use_cache = False
lora = order["lora"]
model = get_peft_model(
    model,
    LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], lora_dropout=0.0, target_modules=lora["targets"]),
)
if order["gradientCheckpointing"]:
    model.gradient_checkpointing_enable({"use_reentrant": False})
    model.enable_input_require_grads()
if order.get("initial"):
    initial = load_file(order["initial"])
    for name, parameter in model.named_parameters():
        if "lora_" in name:
            key = name.replace("base_model.model.", "").replace(".default", "")
            parameter.data = initial[key].to(parameter.dtype).clone()
model.train()
trainable = [parameter for parameter in model.parameters() if parameter.requires_grad]
optimizer = torch.optim.AdamW(trainable, lr=order["learningRate"], weight_decay=0.0)
say(
    {
        "ready": True,
        "what": f"torch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}, peft {peft.__version__}",
        "trainable": sum(parameter.numel() for parameter in trainable),
        "pid": os.getpid(),
    }
)

for line in sys.stdin:
    batch = json.loads(line)
    ids = torch.tensor(batch["ids"]).view(batch["rows"], -1)
    labels = torch.where(
        torch.tensor(batch["learned"]).view(ids.shape) > 0, ids, torch.full_like(ids, -100)
    )
    wall, cpu = time.perf_counter(), time.process_time()
    loss = model(input_ids=ids, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trainable, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    say(
        {
            "loss": loss.item(),
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        }
    )
