"""Sets of operations, by the spec's operationIds; profiles are put together from them."""

from __future__ import annotations

from typing import Final

ASSISTANTS: Final = frozenset(
    {"listAssistants", "createAssistant", "getAssistant", "modifyAssistant", "deleteAssistant"}
)
THREADS: Final = frozenset({"createThread", "getThread", "modifyThread", "deleteThread"})
MESSAGES: Final = frozenset({"listMessages", "createMessage", "getMessage", "modifyMessage", "deleteMessage"})
STEPS: Final = frozenset({"listRunSteps", "getRunStep"})
RUNS: Final = frozenset(
    {
        "listRuns",
        "createRun",
        "createThreadAndRun",
        "getRun",
        "modifyRun",
        "cancelRun",
        "submitToolOuputsToRun",
    }
)
FILES: Final = frozenset({"listFiles", "createFile", "retrieveFile", "deleteFile", "downloadFile"})
UPLOADS: Final = frozenset({"createUpload", "addUploadPart", "completeUpload", "cancelUpload"})
FILE_BATCHES: Final = frozenset(
    {
        "createVectorStoreFileBatch",
        "getVectorStoreFileBatch",
        "cancelVectorStoreFileBatch",
        "listFilesInVectorStoreBatch",
    }
)
VECTOR_STORES: Final = frozenset(
    {
        "listVectorStores",
        "createVectorStore",
        "getVectorStore",
        "modifyVectorStore",
        "deleteVectorStore",
        "searchVectorStore",
        "listVectorStoreFiles",
        "createVectorStoreFile",
        "getVectorStoreFile",
        "updateVectorStoreFileAttributes",
        "deleteVectorStoreFile",
        "retrieveVectorStoreFileContent",
    }
)
BATCHES: Final = frozenset({"listBatches", "createBatch", "retrieveBatch", "cancelBatch"})
MODELS: Final = frozenset({"listModels", "retrieveModel", "deleteModel"})

CONVERSATIONS: Final = ASSISTANTS | THREADS | MESSAGES | RUNS | STEPS
"""What OpenAI and Azure OpenAI switched off."""
STORAGE: Final = FILES | UPLOADS | VECTOR_STORES | FILE_BATCHES | BATCHES | MODELS
"""What they still have."""
